/** A vendor credential, opened. */
export interface Credential {
  readonly id: string;
  readonly weight: number;
  readonly secret: string;
}

/** What is remembered of one credential at one upstream model. */
export interface CredentialState {
  /** The vendor asked us to wait until then, and we do. */
  readonly coolingUntil: number;
  /** It failed for a reason of its own; it is used before then only if there is no other. */
  readonly avoidedUntil: number;
  readonly nextAvoidMs: number;
}

export type CredentialChoice =
  | { readonly found: 'credential'; readonly credential: Credential }
  /** Every credential is cooling; the first is free again then. */
  | { readonly found: 'cooling'; readonly until: number }
  | { readonly found: 'none' };

const AVOID_FIRST_MS = 5_000;
const AVOID_MS_MAX = 300_000;
/** How long one is left alone after a 429 that named no time. */
const AVOID_UNHINTED_MS = 1_000;
/** A vendor may mean hours; we ask again sooner, because limits are raised by people. */
const COOL_MS_MAX = 300_000;

export const freshState: CredentialState = { coolingUntil: 0, avoidedUntil: 0, nextAvoidMs: AVOID_FIRST_MS };

/** After a 429: honours the vendor's own number, and without one only prefers the others for a moment. */
export const cooled = (state: CredentialState, retryAfterMs: number | undefined, now: number): CredentialState =>
  retryAfterMs === undefined
    ? { ...state, avoidedUntil: now + AVOID_UNHINTED_MS }
    : { ...state, coolingUntil: now + Math.min(retryAfterMs, COOL_MS_MAX) };

/** After a refusal of the credential itself: avoided for a doubling while, until it serves again. */
export const avoided = (state: CredentialState, now: number): CredentialState => ({
  ...state,
  avoidedUntil: now + state.nextAvoidMs,
  nextAvoidMs: Math.min(2 * state.nextAvoidMs, AVOID_MS_MAX),
});

/**
 * Picks by weight among the credentials not yet tried for this request. Those the vendor asked to wait for are never
 * picked; those that failed are picked only when there are no others, because a channel must not shut itself out.
 */
export function chooseCredential(
  credentials: readonly Credential[],
  stateOf: (credential: Credential) => CredentialState,
  tried: ReadonlySet<string>,
  { now, random }: { readonly now: number; readonly random: number },
): CredentialChoice {
  const free: Credential[] = [];
  const good: Credential[] = [];
  let firstFree = Infinity;
  for (const credential of credentials) {
    if (tried.has(credential.id)) continue;
    const { coolingUntil, avoidedUntil } = stateOf(credential);
    if (coolingUntil > now) {
      firstFree = Math.min(firstFree, coolingUntil);
      continue;
    }
    free.push(credential);
    if (avoidedUntil <= now) good.push(credential);
  }
  if (free.length === 0) return firstFree === Infinity ? { found: 'none' } : { found: 'cooling', until: firstFree };
  const credential = byWeight(good.length > 0 ? good : free, random);
  return credential ? { found: 'credential', credential } : { found: 'none' };
}

function byWeight(credentials: readonly Credential[], random: number): Credential | undefined {
  if (credentials.length === 1) return credentials[0];
  const total = credentials.reduce((sum, { weight }) => sum + weight, 0);
  let left = random * total;
  return credentials.find(({ weight }) => (left -= weight) < 0) ?? credentials.at(-1);
}
