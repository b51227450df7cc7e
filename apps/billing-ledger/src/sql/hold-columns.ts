import { arrayLiteral } from '@bytespike/database';

import { likenessOf } from '../domain/likeness.js';
import type { SizedHold } from '../domain/size-hold.js';
import { counterName, subjectsOf } from '../domain/subjects.js';

/** What many holds of a batch have in common: whose spending it is, and the caps they are admitted against. */
interface Profile {
  readonly place: number;
  readonly hold: SizedHold;
}

/** A batch as `HOLD_COLUMNS` knows it. The busiest batches are of one key, so what its holds share is said once. */
export function holdColumns(items: readonly SizedHold[]): string[] {
  const profiles = new Map<string, Profile>();
  const placeOf = (hold: SizedHold): number => {
    const name = likenessOf(hold);
    const known = profiles.get(name) ?? { place: profiles.size, hold };
    profiles.set(name, known);
    return known.place;
  };
  return [
    arrayLiteral(items.map((item) => item.requestId)),
    arrayLiteral(items.map((item) => item.accountId)),
    arrayLiteral(items.map((item) => item.keyId)),
    arrayLiteral(items.map((item) => item.amount)),
    arrayLiteral(items.map((item) => item.basis)),
    arrayLiteral(items.map((item) => item.maxOutputTokens)),
    arrayLiteral(items.map((item) => item.priceVersions.join(' '))),
    arrayLiteral(items.map((item) => item.hashInput())),
    arrayLiteral(items.map((item) => item.expiresAt)),
    arrayLiteral(items.map((item) => item.reporter)),
    arrayLiteral(items.map((item) => item.model ?? null)),
    arrayLiteral(items.map((item) => item.memberId ?? null)),
    arrayLiteral(items.map((item) => item.carvedForMs ?? 0)),
    arrayLiteral(items.map(placeOf)),
    ...subjectColumns([...profiles.values()]),
    ...capColumns([...profiles.values()]),
  ];
}

/** The same columns as SQL knows them: the batch, the subjects of each profile, and its caps. */
export const HOLD_COLUMNS = {
  items: `unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::text[], $8::text[], $9::float8[], $10::text[],
      $11::text[], $12::text[], $13::float8[], $14::int[])
      WITH ORDINALITY AS item(request_id, account_id, key_id, amount, basis, max_output_tokens, price_versions, input_hash, expires_ms, reporter,
      model, member_id, carved_for_ms, profile, place)`,
  subjects: 'unnest($15::int[], $16::text[], $17::text[]) AS named(profile, account_id, subject)',
  distinctSubjects: '$18::text[], $19::text[]',
  caps: `unnest($20::int[], $21::int[], $22::text[], $23::text[], $24::text[], $25::bigint[])
      AS cap(profile, counter, account_id, subject, span, limit_amount)`,
} as const;

function subjectColumns(profiles: readonly Profile[]): string[] {
  const named = profiles.flatMap(({ place, hold }) =>
    subjectsOf(hold).map((subject) => ({ place, accountId: hold.accountId, subject })),
  );
  const distinct = new Map(named.map((one) => [`${one.accountId} ${one.subject}`, one]));
  return [
    arrayLiteral(named.map(({ place }) => place)),
    arrayLiteral(named.map(({ accountId }) => accountId)),
    arrayLiteral(named.map(({ subject }) => subject)),
    arrayLiteral(Array.from(distinct.values(), ({ accountId }) => accountId)),
    arrayLiteral(Array.from(distinct.values(), ({ subject }) => subject)),
  ];
}

function capColumns(profiles: readonly Profile[]): string[] {
  const counters = new Map<string, number>();
  const caps = profiles.flatMap(({ place, hold: { accountId, caps: own } }) =>
    own.map((cap) => {
      const name = counterName({ accountId, ...cap });
      const counter = counters.get(name) ?? counters.size;
      counters.set(name, counter);
      return { place, counter, accountId, cap };
    }),
  );
  return [
    arrayLiteral(caps.map(({ place }) => place)),
    arrayLiteral(caps.map(({ counter }) => counter)),
    arrayLiteral(caps.map(({ accountId }) => accountId)),
    arrayLiteral(caps.map(({ cap }) => cap.subject)),
    arrayLiteral(caps.map(({ cap }) => cap.span)),
    arrayLiteral(caps.map(({ cap }) => cap.limit)),
  ];
}
