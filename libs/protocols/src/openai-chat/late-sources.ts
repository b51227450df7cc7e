import type { Citation, WholePart } from '@bytespike/ir';

import { given } from '../given.js';

export type LateSource = Extract<WholePart, { readonly type: 'server-tool-result' }>['sources'][number];

export const lateSource = ({ url, title }: Citation): LateSource[] =>
  url === undefined ? [] : [{ url, ...given({ title }) }];

/** Sources that came when no text was open to be cited in, as a search that found them (protocols 2.11). */
export function searchFor(sources: readonly LateSource[], responseId: string | undefined): readonly WholePart[] {
  if (sources.length === 0) return [];
  const id = `search_${responseId ?? 'unnamed'}`;
  return [
    { type: 'server-tool-call', id, family: 'web-search', input: {} },
    { type: 'server-tool-result', callId: id, family: 'web-search', sources },
  ];
}
