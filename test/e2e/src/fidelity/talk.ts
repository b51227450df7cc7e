import { callGateway, eventually, platform, simulator } from '../platform.js';
import type { Exchange as Recorded } from '../simulator.js';
import type { Dialect, Wired } from './dialects/dialect.js';
import type { Answered, Ask, Received, Turn } from './neutral.js';
import { wordAt } from './pick.js';

/** A stream that stands still must not hold the report up: its cell fails. */
const ANSWER_MS_MAX = 15_000;

/** The gateway would not do it, and said which loss it would be and where. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly code: string,
    readonly path: string,
  ) {
    super(`${path} (${code})`);
  }
}

/** The vendor itself would not do it: on the raw lane its own words are the answer. */
export class VendorRefused extends Error {
  override readonly name = 'VendorRefused';
}

/** A capability did not survive the translation; the message says what became of it. */
export class Unkept extends Error {
  override readonly name = 'Unkept';
}

export interface Talked {
  readonly received: Received;
  readonly answered: Answered;
}

/** How an answer ended that was told to break. */
export interface Broken {
  readonly status: number;
  readonly message: string;
  readonly events: readonly unknown[];
  /** Whether it looks like an answer that is whole. */
  readonly whole: boolean;
}

/** One client dialect in front of one vendor wire, in one way of asking. */
export interface Talk {
  send(ask: Ask): Promise<Talked>;
  sendToBreak(ask: Ask): Promise<Broken>;
  /** Leaves after the first piece, and answers once the vendor knows. */
  sendAndLeave(ask: Ask): Promise<void>;
  count(ask: Ask): Promise<number>;
  readonly stream: boolean;
  readonly asksToSee: boolean;
  /** Whether the vendor remembers only what is marked. */
  readonly cachesMarked: boolean;
  /** Whether a broken stream says so in the client's dialect. */
  failedIn(events: readonly unknown[]): boolean;
  /** Codes of every warning that came with an answer so far. */
  readonly warned: ReadonlySet<string>;
}

export interface Parties {
  readonly client: Dialect;
  readonly vendor: Dialect;
  readonly model: string;
  readonly stream: boolean;
  /** Stands in every request, so that the vendor's record of it can be found among all others. */
  readonly mark: string;
}

/** Opens a talk. Every request of it carries the mark in its first text, which stays the same from turn to turn. */
export function openTalk({ client, vendor, model, stream, mark }: Parties): Talk {
  const warned = new Set<string>();
  const since = lastSeenId;
  const post = ({ path, body }: Wired, signal?: AbortSignal): Promise<Response> =>
    callGateway(path, {
      method: 'POST',
      key: platform.keys.extended,
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS_MAX), ...(signal ? [signal] : [])]),
    });
  /** A look-alike's refusal counts as its own only where its dialect is the client's. */
  const refused = async (status: number, raw: string): Promise<Error> => {
    const sameLane = client.protocol === vendor.protocol;
    const told = sameLane && status === (await findRecorded(mark, since))?.status;
    return told ? new VendorRefused(raw) : refusal(status, raw);
  };
  const ask = (asked: Ask): Wired => client.write(marked(asked, mark), model, stream);
  return {
    ...{ stream, warned, failedIn: client.failed, asksToSee: client.asksToSee },
    cachesMarked: vendor.protocol === 'anthropic-messages',
    send: async (asked) => {
      const response = await post(ask(asked));
      const raw = await response.text();
      for (const [code] of (response.headers.get('x-gateway-warnings') ?? '').matchAll(/\bL\d\d\b/g)) warned.add(code);
      if (!response.ok) throw await refused(response.status, raw);
      const answer = stream ? client.fold(eventsIn(raw)) : (JSON.parse(raw) as unknown);
      if (answer === undefined) throw new Unkept('the stream does not end as its grammar says');
      const recorded = await findRecorded(mark, since);
      if (!recorded) throw new Unkept('no vendor received it');
      const body: unknown = JSON.parse(Buffer.from(recorded.bodyBase64, 'base64').toString('utf8'));
      return { received: vendor.readRequest(body), answered: client.readAnswer(answer) };
    },
    sendToBreak: async (asked) => {
      const response = await post(ask(asked));
      const { raw, cut } = await readAll(response);
      const events = eventsIn(raw);
      const message = response.ok ? '' : (wordAt(tryJson(raw), 'error.message') ?? '');
      const whole = response.ok && !cut && (stream ? client.fold(events) !== undefined : tryJson(raw) !== undefined);
      return { status: response.status, message, events, whole };
    },
    sendAndLeave: async (asked) => {
      const leaving = new AbortController();
      const answer = post(ask(asked), leaving.signal);
      // A stream is left in its middle, a whole answer before it comes.
      if (stream) await (await answer).body?.getReader().read();
      else await eventually(() => findRecorded(mark, since));
      leaving.abort();
      await answer.catch(() => undefined);
      await eventually(async () => (await findRecorded(mark, since))?.closedByPeerAtMs);
    },
    count: async (asked) => {
      const response = await post(client.writeCount(marked(asked, mark), model));
      const raw = await response.text();
      if (!response.ok) throw refusal(response.status, raw);
      return client.readCount(JSON.parse(raw) as unknown);
    },
  };
}

function marked(ask: Ask, mark: string): Ask {
  let found = false;
  const turns = ask.turns.map((turn): Turn => {
    if (found) return turn;
    const parts = turn.parts.map((part) => {
      if (found || part.type !== 'text') return part;
      found = true;
      return { ...part, text: `${mark}\n${part.text}` };
    });
    return { ...turn, parts };
  });
  return { ...ask, turns };
}

/** A refusal of the gateway's own names a place and a loss; anything else that is not an answer is a failure. */
function refusal(status: number, raw: string): Error {
  const message = wordAt(tryJson(raw), 'error.message') ?? raw;
  const [, path, code] = /^([^\s:]+): .*\((L\d\d)\)/s.exec(message) ?? [];
  if (status === 400 && path !== undefined && code !== undefined) return new Refused(code, path);
  return new Unkept(`${status}: ${message.slice(0, 200)}`);
}

/** Everything a talk sends is recorded after what any talk has seen when it opened, so nobody searches all there is. */
let lastSeenId = 0;

async function findRecorded(mark: string, since: number): Promise<Recorded | undefined> {
  const response = await fetch(`${simulator}/_sim/requests?limit=1&since=${since}&containing=${mark}`);
  const { requests } = (await response.json()) as { requests: readonly Recorded[] };
  const [last] = requests;
  lastSeenId = Math.max(lastSeenId, last?.id ?? 0);
  return last;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Records of an event stream; Chat's end marker stays the string that it is. */
const eventsIn = (raw: string): readonly unknown[] =>
  raw.split(/\r?\n/).flatMap((line) => {
    if (!line.startsWith('data: ')) return [];
    const data = line.slice('data: '.length);
    return data === '[DONE]' ? [data] : (tryJson(data) ?? []);
  });

async function readAll(response: Response): Promise<{ readonly raw: string; readonly cut: boolean }> {
  const decoder = new TextDecoder();
  let raw = '';
  try {
    for await (const piece of response.body ?? []) raw += decoder.decode(piece as Uint8Array, { stream: true });
    return { raw, cut: false };
  } catch {
    return { raw, cut: true };
  }
}
