import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';
import type { Billed } from '@bytespike/pricing';

import { createKey, GROUPS, nano, newCustomer, type Customer } from '../accounts.js';
import { untilAnswered } from '../answers.js';
import { seenContaining } from '../simulator.js';
import { OWNERS } from '../wire-models.js';
import { chatWire, geminiWire, messagesWire, responsesWire, type Wire } from '../wires.js';
import {
  billedBy,
  hasUsageRow,
  isFree,
  newestRequest,
  receiptOf,
  reckon,
  standingOf,
  type Receipt,
  type Standing,
} from './book.js';
import { send } from './client.js';
import { FAULTS, type Fault } from './faults.js';

export type Lane = 'raw' | 'translated';

/** One fault between one client and one vendor wire, asked for in one way. */
export interface Cell {
  readonly group: string;
  readonly fault: Fault;
  readonly client: ProtocolName;
  readonly lane: Lane;
  readonly stream: boolean;
  readonly model: string;
}

/** What the caller saw, which row of the outcome table decided, and whatever is not as it must be. */
export interface JudgedCell extends Cell {
  readonly saw: string;
  readonly rule: string;
  readonly pays: Billed;
  readonly wrong: readonly string[];
}

const WIRE_OF = {
  'anthropic-messages': messagesWire,
  'openai-responses': responsesWire,
  'openai-chat': chatWire,
  'gemini-generate': geminiWire,
} as const satisfies Record<ProtocolName, (model: string, stream: boolean) => Wire>;

/** A model of two channels, the first of which has nearly all of the weight (tools/test/wire-channels.mjs). */
const FAILOVER = { model: 'e2e-failover', protocol: 'anthropic-messages' } as const;
const FAILOVER_TITLE = 'A vendor that fails, and another one that can serve';
const FAILOVERS: readonly Fault[] = [
  { says: 'the first breaks before any content', fault: 'status=500 only=anthropic' },
  { says: 'the first limits our rate', fault: 'status=429 only=anthropic', shuts: 'target' },
  { says: 'the first resets the connection', fault: 'reset only=anthropic' },
  { says: 'the first breaks off in mid-stream', fault: 'cut=5 only=anthropic', only: 'stream' },
  { says: 'both break', fault: 'status=500' },
];

const ways = ({ only }: Fault): readonly boolean[] =>
  [true, false].filter((stream) => only === undefined || (only === 'stream') === stream);

/** Every client meets every fault raw, from the wire it speaks itself, and translated, from another one in turn. */
export const CELLS: readonly Cell[] = [
  ...FAULTS.flatMap(({ title: group, faults }) =>
    faults.flatMap((fault, turn) =>
      PROTOCOL_NAMES.flatMap((client, at) => {
        const other = PROTOCOL_NAMES[(at + 1 + (turn % 3)) % PROTOCOL_NAMES.length] ?? client;
        return ways(fault).flatMap((stream) => [
          { group, fault, client, stream, lane: 'raw' as const, model: OWNERS[client].id },
          { group, fault, client, stream, lane: 'translated' as const, model: OWNERS[other].id },
        ]);
      }),
    ),
  ),
  ...FAILOVERS.flatMap((fault) =>
    PROTOCOL_NAMES.flatMap((client) =>
      ways(fault).map((stream) => ({
        ...{ group: FAILOVER_TITLE, fault, client, stream, model: FAILOVER.model },
        lane: client === FAILOVER.protocol ? ('raw' as const) : ('translated' as const),
      })),
    ),
  ),
];

/** Enough to keep two processors busy, and few enough that nobody's clock runs out. */
const AT_ONCE = 10;
/** Healthy requests before each fault, so that no circuit takes the vendor for one that is down. */
const HEALTHY = 2;

/** Runs every cell against the platform; each worker has a customer of its own, so that every nano-dollar is its cell's. */
export async function judgeCells(cells: readonly Cell[]): Promise<readonly JudgedCell[]> {
  const judged: JudgedCell[] = [];
  const bystander = await newCustomer('1000.00', GROUPS.extended);
  const work = async (queue: Iterable<readonly [number, Cell]>): Promise<void> => {
    const customer = await newCustomer('1000.00', GROUPS.extended);
    const key = await createKey(customer.management, GROUPS.extended, { rate_limit_5h: '1000.00' });
    for (const [index, cell] of queue) {
      const wire = WIRE_OF[cell.client](cell.model, cell.stream);
      for (let times = 0; times < HEALTHY; times += 1) await untilAnswered(wire, bystander.key, 200);
      judged[index] = await judge(cell, wire, { ...customer, key }, `ref-${process.pid}-${index}-`);
    }
  };
  const all = [...cells.entries()];
  const together = all.filter(([, { fault }]) => fault.shuts === undefined).values();
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(together)));
  const alone = all.filter(([, { fault }]) => fault.shuts === 'target');
  const models = new Set(alone.map(([, { model }]) => model));
  await Promise.all([...models].map((one) => work(alone.filter(([, { model }]) => model === one))));
  return judged;
}

async function judge(cell: Cell, wire: Wire, customer: Customer, mark: string): Promise<JudgedCell> {
  const { key, accountId } = customer;
  const before = await standingOf(key);
  const { requestId: told, saw } = await send(wire, key, cell.fault, mark);
  const after = await standingOf(key);
  const requestId = told ?? (await newestRequest(accountId));
  const receipt = await receiptOf(key, requestId);
  const facts = { before, after, receipt, sentMax: await mostSent(mark), isListed: await hasUsageRow(key, requestId) };
  const wrong = [...wrongIn(facts), ...(/[A-Z]{3}/.test(saw) ? [saw] : [])];
  return { ...cell, saw, rule: receipt.rule, pays: billedBy(receipt.rule), wrong };
}

interface Facts {
  readonly before: Standing;
  readonly after: Standing;
  readonly receipt: Receipt;
  /** Bytes that a vendor has sent, at most; what reached the client was among them. */
  readonly sentMax: number;
  readonly isListed: boolean;
}

/** What a request must and must not have moved, by the row that decided. */
function wrongIn({ before, after, receipt, sentMax, isListed }: Facts): readonly string[] {
  const moved = before.available - after.available;
  const total = nano(receipt.total_usd);
  const charged = receipt.attempts.filter((attempt) => attempt.charged);
  const checks: readonly (readonly [string, boolean])[] = isFree(receipt.rule)
    ? [
        ['a failure moved the balance', moved === 0n],
        ['a failure has a price', total === 0n && receipt.lines.length === 0],
        ['a failure moved a header', before.left === after.left],
        ['a failure has a usage row', !isListed],
        ['a failed attempt was charged', charged.length === 0],
      ]
    : [
        ['the balance moved by something else', moved === total],
        ['the lines do not add up', reckon(receipt) - nano(receipt.overrun_usd) === total && total > 0n],
        ['more was charged than held', total <= nano(receipt.hold?.amount_usd ?? '0')],
        ['there is no usage row', isListed],
        ['a failed attempt was charged', charged.length === 1 && charged[0]?.kind !== 'upstream-transient'],
        ['more output than was delivered', billedBy(receipt.rule) !== 'delivered' || outputOf(receipt) <= sentMax / 4],
        ['its mark is missing', isMarked(receipt)],
      ];
  return checks.flatMap(([what, holds]) => (holds ? [] : [what]));
}

const mostSent = async (mark: string): Promise<number> =>
  Math.max(0, ...(await seenContaining(mark)).map(({ sentBase64 }) => Buffer.from(sentBase64, 'base64').length));

const outputOf = ({ lines }: Receipt): number => lines.find((line) => line.class === 'output')?.units ?? 0;

/** What is not simply the vendor's number says so. */
const isMarked = ({ rule, flags }: Receipt): boolean => {
  const mark = {
    delivered: 'estimated',
    counted: 'counted',
    reported: undefined,
    pieces: undefined,
    nothing: undefined,
  }[billedBy(rule)];
  return mark === undefined || flags.includes(mark);
};
