/**
 * A channel's address and a wire's path as one URL. People write addresses with and without the version segment
 * (`https://api.openai.com` and `https://api.openai.com/v1`), so segments in which the address ends and the path
 * begins are written once.
 */
export function endpointUrl(address: string, path: string, upstreamModel = ''): string {
  const base = address.replace(/\/+$/, '');
  const segments = path.split('/').slice(1);
  const overlap = longestOverlap(base, segments);
  const rest = segments.slice(overlap).join('/');
  return `${base}/${rest.replace('{model}', encodeURIComponent(upstreamModel))}`;
}

/** The last segment of a path is the call itself and is never part of an address. */
function longestOverlap(base: string, segments: readonly string[]): number {
  const shared = segments.slice(0, -1).map((_, index) => segments.length - 1 - index);
  return shared.find((count) => base.endsWith(`/${segments.slice(0, count).join('/')}`)) ?? 0;
}
