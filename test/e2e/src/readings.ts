import { callGateway } from './platform.js';
import type { Wire } from './wires.js';

/**
 * How an exchange ended for its client. `whole`: terminated, and the content is all there. `refused`: a status and an
 * error in the dialect. `broken-off`: an error in the dialect, then a cut. `cut`: the connection ended without either.
 * `unanswered`: no head came. `left`: the client itself went. `spoiled`: anything else, which must never be.
 */
export type Verdict = 'whole' | 'refused' | 'broken-off' | 'cut' | 'unanswered' | 'left' | 'spoiled';

export interface Reading {
  readonly wire: string;
  readonly verdict: Verdict;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly raw: string;
}

export interface Question {
  readonly wire: Wire;
  readonly key: string;
  readonly prompt: string;
  /** The text a whole answer must carry. */
  readonly expected: string;
  /** Leaves after so many pieces of the answer. */
  readonly leaveAfter?: number;
}

/** Asks, reads to the end whatever happens, and judges. Never rejects. */
export async function ask({ wire, key, prompt, expected, leaveAfter = Infinity }: Question): Promise<Reading> {
  const response = await send(wire, key, prompt);
  if (!response) return { wire: wire.name, verdict: 'unanswered', requestId: undefined, status: undefined, raw: '' };
  const { raw, end } = await read(response, leaveAfter);
  const verdict = end === 'left' ? 'left' : judge({ wire, status: response.status, raw, end, expected });
  const requestId = response.headers.get('request-id') ?? undefined;
  return { wire: wire.name, verdict, requestId, status: response.status, raw };
}

const send = (wire: Wire, key: string, prompt: string): Promise<Response | undefined> =>
  callGateway(wire.path, {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wire.body(prompt)),
  }).catch(() => undefined);

type End = 'ended' | 'cut' | 'left';

async function read(response: Response, leaveAfter: number): Promise<{ raw: string; end: End }> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let raw = '';
  if (!reader) return { raw, end: 'ended' };
  try {
    for (let pieces = 0; ; pieces += 1) {
      if (pieces === leaveAfter) {
        await reader.cancel();
        return { raw, end: 'left' };
      }
      const { done, value } = await reader.read();
      if (done) return { raw, end: 'ended' };
      raw += decoder.decode(value, { stream: true });
    }
  } catch {
    return { raw, end: 'cut' };
  }
}

interface Judged {
  readonly wire: Wire;
  readonly status: number;
  readonly raw: string;
  readonly end: 'ended' | 'cut';
  readonly expected: string;
}

function judge({ wire, status, raw, end, expected }: Judged): Verdict {
  if (status >= 400) return end === 'cut' ? 'cut' : wire.isRefusal(raw) ? 'refused' : 'spoiled';
  const text = wire.textOf(raw);
  // Whatever came must be the beginning of the right answer: nothing lost, nothing twice, nothing out of order.
  if (!expected.startsWith(text)) return 'spoiled';
  if (wire.isTerminated(raw)) return text === expected ? (end === 'cut' ? 'cut' : 'whole') : 'spoiled';
  if (end === 'ended') return 'spoiled';
  return wire.saysFailed(raw) ? 'broken-off' : 'cut';
}
