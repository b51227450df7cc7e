type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The caller's key, wherever a client puts it; one precedence on every route (contract 0.1): `x-api-key`,
 * `x-goog-api-key`, `Authorization: Bearer`, `?key=`. The body is never consulted.
 */
export function readCredential(headers: IncomingHeaders, query: string): string | undefined {
  return (
    single(headers['x-api-key']) ??
    single(headers['x-goog-api-key']) ??
    bearer(single(headers['authorization'])) ??
    queryKey(query)
  );
}

/** Whether a Gemini client speaks, as far as its carrier tells. */
export const carriesGoogleKey = (headers: IncomingHeaders, query: string): boolean =>
  single(headers['x-goog-api-key']) !== undefined || queryKey(query) !== undefined;

function single(value: string | readonly string[] | undefined): string | undefined {
  const text = (typeof value === 'string' ? value : value?.[0])?.trim();
  return text === '' ? undefined : text;
}

function bearer(authorization: string | undefined): string | undefined {
  const match = /^bearer\s+(\S+)$/i.exec(authorization ?? '');
  return match?.[1];
}

function queryKey(query: string): string | undefined {
  if (!query.includes('key=')) return undefined;
  return single(new URLSearchParams(query).get('key') ?? undefined);
}
