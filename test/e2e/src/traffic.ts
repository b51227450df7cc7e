import type { Customer } from './accounts.js';
import { eventually } from './platform.js';
import { ask, type Question, type Reading } from './readings.js';
import { countTo, messagesWire, wires } from './wires.js';

/** Every protocol on both lanes, whole and streaming, long enough to be killed in the middle. */
const successes: readonly Asked[] = wires.map((wire) => ({
  wire,
  prompt: `${wire.stream ? '[[fault: drip=8]]' : '[[fault: slow-headers=60]]'}\ncount to 30`,
  expected: countTo(30),
}));
/** As many at once as make a key busy for the ledger (ADR 0012), and some more. */
const brief: readonly Asked[] = [...wires, ...wires].map((wire) => ({
  wire,
  prompt: 'count to 30',
  expected: countTo(30),
}));
/** Models of their own, so that a circuit that opens for them does not stand before the successes. */
const failures: readonly Asked[] = [
  { wire: messagesWire('claude-opus-4-5', false), prompt: '[[fault: status=500]]\ncount to 9', expected: countTo(9) },
  { wire: messagesWire('claude-opus-4-6', true), prompt: '[[fault: cut=6]]\ncount to 200', expected: countTo(200) },
];
const abort: Asked = {
  wire: messagesWire('claude-sonnet-4-5', true),
  prompt: '[[fault: drip=10]]\ncount to 300',
  expected: countTo(300),
  leaveAfter: 3,
};

type Asked = Omit<Question, 'key'>;

/** What every client goes round: successes, failures, and one that the client leaves. */
export const mixture: readonly Asked[] = [...successes, ...failures, abort];

export interface Witnessed extends Reading {
  /** When the client began to ask, epoch milliseconds. */
  readonly startedAtMs: number;
  /** When the client had read to its end, epoch milliseconds. */
  readonly endedAtMs: number;
}

export interface Traffic {
  readonly readings: readonly Witnessed[];
  /** Everybody asks something short at the same moment, and hears the end of it: what makes a key busy. */
  hurry(): Promise<void>;
  /** Lets no client ask again; resolves when each has read to the end of what it had asked. */
  stop(): Promise<void>;
}

const CLIENTS = 12;
/** Nobody listens: a client waits a little before it knocks again. */
const UNHEARD_MS = 100;

/** The mixture, for ever, beginning somewhere in it. */
function* roundFrom(first: number): Generator<Asked, never> {
  for (;;) yield* [...mixture.slice(first % mixture.length), ...mixture.slice(0, first % mixture.length)];
}

/** Clients that ask one thing after the other until they are stopped. */
export function startTraffic({ key }: Customer, clients = CLIENTS): Traffic {
  const readings: Witnessed[] = [];
  let stopped = false;
  const witness = async (asked: Asked): Promise<Reading> => {
    const startedAtMs = Date.now();
    const reading = await ask({ ...asked, key });
    readings.push({ ...reading, startedAtMs, endedAtMs: Date.now() });
    return reading;
  };
  const client = async (first: number): Promise<void> => {
    for (const asked of roundFrom(first)) {
      if (stopped) return;
      const { verdict } = await witness(asked);
      if (verdict === 'unanswered') await new Promise((resolve) => setTimeout(resolve, UNHEARD_MS));
    }
  };
  const running = Array.from({ length: clients }, (_, index) => client(index));
  return {
    readings,
    hurry: async () => void (await Promise.all(brief.map(witness))),
    stop: async () => {
      stopped = true;
      await Promise.all(running);
    },
  };
}

/** Every protocol on both lanes answers whole, all in one round. */
export const untilAllAnswer = ({ key }: Customer): Promise<true> =>
  eventually(async () => {
    const round = await Promise.all(successes.map((asked) => ask({ ...asked, key })));
    return round.every(({ verdict }) => verdict === 'whole') ? true : undefined;
  }, 90_000);
