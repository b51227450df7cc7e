import { GatewayError } from '@bytespike/kernel';

export interface PageSizes {
  readonly usual: number;
  readonly max: number;
  /** Whether a larger page than there is is refused, or cut to the largest, as a vendor's own list does. */
  readonly beyond: 'refused' | 'cut';
}

/** How many rows a page shall have. Throws `invalid-request` on a parameter that is not a size in plain digits. */
export function readPageSize(query: URLSearchParams, parameter: string, { usual, max, beyond }: PageSizes): number {
  const text = query.get(parameter);
  if (text === null || text === '') return usual;
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (size < 1 || (size > max && beyond === 'refused'))
    throw new GatewayError('invalid-request', `${parameter}: must be a whole number from 1 to ${max}`, {
      details: { param: parameter },
    });
  return Math.min(size, max);
}
