/** Clients put the version twice, once or not at all (clients 0.4). */
export const versioned = (...paths: readonly string[]): readonly string[] =>
  ['', '/v1', '/v1/v1'].flatMap((prefix) => paths.map((path) => `${prefix}${path}`));

/** Gemini's SDKs use either version; a base address that already names one doubles or mixes them. */
export const geminiVersioned = (path: string): readonly string[] =>
  ['/v1beta', '/v1beta/v1beta', '/v1beta/v1', '/v1/v1beta'].map((prefix) => `${prefix}${path}`);

/** Account addresses as documented, and as reached by a client whose base address ends in `/v1`. */
export const managed = (path: string): readonly string[] => [`/api/v1${path}`, `/v1/api/v1${path}`];
