import type { Cap } from '@bytespike/contracts';
import fc from 'fast-check';

import { expired, voided, type Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import type { LedgerStore } from '../store/ledger-store.js';
import { holdOf, settledAt } from './ledger-fixtures.js';

/** What each request of a sequence asks for: the same every time, as a request id promises. */
export type Requests = readonly {
  readonly account: number;
  readonly key: number;
  readonly member: number | undefined;
  readonly model: number;
  readonly amount: bigint;
}[];

type How = 'settle' | 'void' | 'expire';

/** What a ledger is told; every one of these may be told twice. */
export type Command =
  | { readonly do: 'credit'; readonly account: number; readonly transaction: number; readonly amount: bigint }
  | { readonly do: 'hold'; readonly requests: readonly number[] }
  | { readonly do: 'extend'; readonly request: number; readonly amount: bigint; readonly output: number }
  | { readonly do: 'end'; readonly items: readonly { request: number; how: How; cost: bigint }[] }
  | {
      /** Ends requests that were carved from a grant. */
      readonly do: 'spend';
      readonly grant: number;
      readonly items: readonly { carve: number; how: How; amount: bigint; cost: bigint }[];
    }
  | { readonly do: 'release'; readonly grant: number; readonly amount: bigint };

/** What happens around a ledger. */
export type Event =
  | { readonly do: 'cap'; readonly subject: string; readonly span: Cap['span']; readonly limit: bigint | undefined }
  | { readonly do: 'clock'; readonly byMs: number }
  | { readonly do: 'prune' };

/** How a command goes: heard once, told again to another ledger, or its ledger is killed and another one is told. */
export type Fate = 'heard' | 'repeated' | 'killed';

export type Step = Event | { readonly do: 'tell'; readonly fate: Fate; readonly command: Command };

const REQUESTS = 9;
const GRANTS = 3;
const amount = fc.bigInt(0n, 60n);
const account = fc.nat(1);
const request = fc.nat(REQUESTS - 1);
const grant = fc.nat(GRANTS - 1).map((at) => REQUESTS + at);
const how = fc.constantFrom<How>('settle', 'settle', 'void', 'expire');
const MINUTE_MS = 60_000;

/** Few accounts, requests and subjects, so that sequences repeat, race and reorder the same ones. */
export const requests: fc.Arbitrary<Requests> = fc.array(
  fc.record({ account, key: fc.nat(1), member: fc.constantFrom(undefined, 0), model: fc.nat(1), amount }),
  { minLength: REQUESTS + GRANTS, maxLength: REQUESTS + GRANTS },
);

const several = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { minLength: 1, maxLength: 6 });

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant('credit' as const),
    account,
    transaction: fc.nat(5),
    amount: fc.bigInt(-40n, 150n).filter((each) => each !== 0n),
  }),
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('hold' as const), requests: several(fc.oneof(request, grant)) }),
  },
  fc.record({
    do: fc.constant('extend' as const),
    request,
    amount: fc.bigInt(0n, 90n),
    output: fc.integer({ min: 2, max: 4 }),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      items: several(fc.record({ request, how, cost: amount })),
    }),
  },
  fc.record({
    do: fc.constant('end' as const),
    items: several(fc.record({ request: grant, how: fc.constantFrom<How>('void', 'expire'), cost: fc.constant(0n) })),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('spend' as const),
      grant,
      items: several(fc.record({ carve: fc.nat(9), how, amount: fc.bigInt(0n, 20n), cost: fc.bigInt(0n, 25n) })),
    }),
  },
  fc.record({ do: fc.constant('release' as const), grant, amount: fc.bigInt(0n, 30n) }),
);

const cap = fc.record({
  do: fc.constant('cap' as const),
  subject: fc.constantFrom('account', 'key:0', 'key:1', 'member:0', 'model:0'),
  span: fc.constantFrom<Cap['span']>('life', '5h', '1d', '7d'),
  limit: fc.option(fc.bigInt(0n, 200n), { nil: undefined, freq: 6 }),
});

/** Around the ends of buckets and spans; a server's clock is sometimes set back. */
const MINUTES = [-10, 1, 5, 59, 295, 300, 305, 1_425, 1_440, 1_455, 10_020, 10_080, 10_140];

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: cap },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      byMs: fc.constantFrom(...MINUTES).map((minutes) => minutes * MINUTE_MS),
    }),
  },
  fc.record({ do: fc.constant('prune' as const) }),
);

const fate = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Fate>('heard', 'repeated') },
  fc.constant<Fate>('killed'),
);

const telling = fc.record({ do: fc.constant('tell' as const), fate, command });

const funded = ([one, other]: readonly bigint[]): Step[] =>
  [one, other].map((credited = 1n, at) => ({
    do: 'tell',
    fate: 'heard',
    command: { do: 'credit', account: at, transaction: 6 + at, amount: credited },
  }));

/** Accounts with some money and some caps, as most are, and what happens then. */
export const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.tuple(fc.bigInt(1n, 400n), fc.bigInt(1n, 400n)).map(funded),
    fc.array(cap, { maxLength: 4 }),
    fc.array(fc.oneof({ weight: 3, arbitrary: telling }, event), { minLength: 4, maxLength: 16, size: 'max' }),
  )
  .map((parts) => parts.flat());

/** What a sequence is about: its own accounts and requests, and the caps that are set at the moment. */
export interface Scene {
  readonly run: string;
  readonly asked: Requests;
  readonly caps: ReadonlyMap<string, Cap>;
}

export const accountsOf = ({ run }: Scene): readonly string[] => [`acc ${run} 0`, `acc ${run} 1`];

/** The answer of a store to one command, as far as every ledger must answer alike. */
export async function tell(store: LedgerStore, command: Command, scene: Scene): Promise<unknown> {
  const { run } = scene;
  if (command.do === 'credit') {
    const { account: at, transaction, amount: credited } = command;
    const [accountId, transactionId] = [`acc ${run} ${at}`, `txn ${run} ${transaction}`];
    return store.credit({ transactionId, accountId, amount: credited, reason: 'model', actor: 'model' });
  }
  if (command.do === 'hold')
    return (await store.hold(command.requests.map((at) => holdFor(at, scene)))).map(({ kind }) => kind);
  if (command.do === 'extend') {
    const hold = { ...holdFor(command.request, scene), amount: command.amount, maxOutputTokens: command.output };
    // The caps of a hold are counted since it was admitted; those that are set later have to be asked about.
    await store.standings([hold]);
    return (await store.extend(hold)).kind;
  }
  if (command.do === 'release') return store.releaseGrant(idOf(run, command.grant), command.amount);
  if (command.do === 'end')
    return store.end(
      command.items.map((item) => endOf(idOf(run, item.request), item.how, item.cost, item.request, scene)),
    );
  const grantId = idOf(run, command.grant);
  return store.end(
    command.items.map((item) => ({
      ...endOf(`carve ${run} ${item.carve}`, item.how, item.cost, command.grant, scene),
      carved: { grantId, amount: item.amount, basis: 'carved', maxOutputTokens: 1 },
    })),
  );
}

const idOf = (run: string, at: number): string => `req ${run} ${at}`;

/** A subject is of one account; two with the same name are kept apart. */
function holdFor(at: number, { run, asked, caps }: Scene): SizedHold {
  const { account: owner = 0, key = 0, member, model = 0, amount: size = 0n } = asked[at] ?? {};
  const subjects = ['account', `key:${key}`, `model:${model}`, ...(member === undefined ? [] : [`member:${member}`])];
  return {
    ...holdOf(idOf(run, at), `acc ${run} ${owner}`, size),
    ...{ keyId: String(key), model: String(model), memberId: member === undefined ? undefined : String(member) },
    caps: [...caps.values()].filter(({ subject }) => subjects.includes(subject)),
    ...(at >= REQUESTS && { basis: 'grant', carvedForMs: 5_000 }),
  };
}

const ENDS = { settle: settledAt, void: voided, expire: expired } as const;

function endOf(requestId: string, as: How, cost: bigint, of: number, scene: Scene): Settlement {
  const end: Settlement = ENDS[as](requestId, cost);
  const { keyId, model = '', memberId } = holdFor(of, scene);
  return end.usage ? { ...end, usage: { ...end.usage, keyId, model, memberId } } : end;
}
