import { callGateway, eventually } from '../platform.js';
import { seenContaining } from '../simulator.js';
import { countTo, type Wire } from '../wires.js';
import type { Fault } from './faults.js';

export interface Seen {
  readonly requestId: string | undefined;
  /** What the caller got, in the words of the report. */
  readonly saw: string;
}

const LAST = 30;
/** Stands in every request, so that the vendor's record of it can be found among all others. */
const marked = ({ fault, prompt = `count to ${LAST}` }: Fault, mark: string): string =>
  `[[fault: ${fault} message=${mark}]]\n${prompt}`;

const isPlain = ({ prompt }: Fault): boolean => prompt === undefined;

/** Asks as the fault says, and tells what the caller saw of it. */
export async function send(wire: Wire, key: string, fault: Fault, mark: string): Promise<Seen> {
  const leaving = new AbortController();
  const asked = callGateway(wire.path, {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wire.body(marked(fault, mark))),
    signal: leaving.signal,
  });
  if (fault.leaves === 'before-content') {
    asked.catch(() => undefined);
    await eventually(async () => ((await seenContaining(mark)).length > 0 ? true : undefined));
    leaving.abort();
    return { requestId: undefined, saw: 'it left' };
  }
  const response = await asked;
  const requestId = response.headers.get('request-id') ?? undefined;
  if (fault.leaves === 'after-content') {
    await response.body?.getReader().read();
    leaving.abort();
    return { requestId, saw: 'it left' };
  }
  const { raw, isWhole } = await readAll(response);
  return { requestId, saw: tell(wire, fault, response.status, raw, isWhole) };
}

async function readAll(response: Response): Promise<{ readonly raw: string; readonly isWhole: boolean }> {
  const decoder = new TextDecoder();
  let raw = '';
  try {
    for await (const chunk of response.body ?? []) raw += decoder.decode(chunk as Uint8Array, { stream: true });
    return { raw, isWhole: true };
  } catch {
    return { raw, isWhole: false };
  }
}

/** What must never be is told in capitals, and no report may contain it. */
function tell(wire: Wire, fault: Fault, status: number, raw: string, isWhole: boolean): string {
  if (status >= 400) return wire.isRefusal(raw) && isWhole ? String(status) : `${status} IN NO DIALECT`;
  const text = wire.textOf(raw);
  if (isPlain(fault) && !countTo(LAST).startsWith(text)) return 'WRONG WORDS';
  if (wire.isTerminated(raw) && isWhole)
    return isPlain(fault) && text !== countTo(LAST) ? 'HALF AN ANSWER THAT LOOKS WHOLE' : 'an answer';
  if (isWhole) return 'AN END WITHOUT AN END';
  return wire.saysFailed(raw) ? 'an error in mid-stream' : 'A CUT WITHOUT A WORD';
}
