/**
 * A channel's address and a wire's path as one URL. People write addresses with and without the version segment
 * (`https://api.openai.com` and `https://api.openai.com/v1`), so segments in which the address ends and the path
 * begins are written once.
 */
export function endpointUrl(address: string, path: string, upstreamModel = ''): string {
  const base = address.endsWith('/') ? address.replace(/\/+$/, '') : address;
  // The last segment of a path is the call itself and is never part of an address.
  let shared = path.lastIndexOf('/');
  while (shared > 0 && !base.endsWith(path.slice(0, shared))) shared = path.lastIndexOf('/', shared - 1);
  const rest = path.slice(Math.max(0, shared));
  return base + (rest.includes('{model}') ? rest.replace('{model}', encodeURIComponent(upstreamModel)) : rest);
}
