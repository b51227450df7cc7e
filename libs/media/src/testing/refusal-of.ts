import { GatewayError } from '@bytespike/kernel';

/** How work is refused, as far as a client sees it; anything that is no refusal of ours is thrown on. */
export function refusalOf(work: () => unknown): { kind: string; message: string; param: unknown } | 'none' {
  try {
    work();
    return 'none';
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    return { kind: thrown.kind, message: thrown.message, param: thrown.details?.param };
  }
}
