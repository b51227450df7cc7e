/** When the client itself goes: with its request at the vendor and nothing come, or with the first content in its hands. */
export type Leaving = 'before-content' | 'after-content';

/** A way for a vendor, or a client, to behave. */
export interface Fault {
  /** As the report lists it. */
  readonly says: string;
  /** The simulator's own word for it (STEERING.md); empty when it behaves. */
  readonly fault: string;
  /** What the model is asked; a plain text when absent. */
  readonly prompt?: string;
  readonly leaves?: Leaving;
  /** It shuts its target to everybody for a while, so it is met alone. */
  readonly shuts?: 'target';
  /** Which ways of asking it can meet; both when absent. */
  readonly only?: 'stream' | 'whole';
}

export interface FaultGroup {
  readonly title: string;
  readonly faults: readonly Fault[];
}

const status = (code: number, says: string, more = ''): Fault => ({ says, fault: `status=${code}${more}` });

/** Everything the simulated vendors can be ordered to do, and what a client can do to itself. */
export const FAULTS: readonly FaultGroup[] = [
  {
    title: 'A vendor that answers in the end',
    faults: [
      { says: 'it does as it is asked', fault: '' },
      { says: 'it fails once, and serves when asked again', fault: 'status=500 times=1' },
      { says: 'it keeps silent before its headers for a while', fault: 'slow-headers=40' },
      { says: 'it keeps silent before its first content for a while', fault: 'slow-first=40' },
      { says: 'it pauses between its frames', fault: 'drip=1' },
      { says: 'it sends tiny pieces', fault: 'chunk=7' },
      { says: 'it compresses what was asked for plain', fault: 'gzip' },
      { says: 'it calls its answer a web page', fault: 'content-type=text/html' },
      { says: 'its answer ends at the token limit', fault: '', prompt: 'max' },
      { says: 'it refuses in words', fault: '', prompt: 'say: I cannot help with that' },
    ],
  },
  {
    title: 'A vendor that refuses',
    faults: [
      status(400, 'it refuses the request'),
      status(401, 'it refuses our credential'),
      status(402, 'our account with it is empty'),
      status(403, 'it forbids our account'),
      status(404, 'it does not know the model'),
      status(413, 'the request is too large for it'),
      status(422, 'it cannot process the request'),
      { ...status(429, 'it limits our rate'), shuts: 'target' },
      { says: 'it refuses for safety, with words or without', fault: '', prompt: 'refuse violence' },
      { says: 'it says nothing at all', fault: '', prompt: 'empty' },
    ],
  },
  {
    title: 'A vendor that fails before any content',
    faults: [
      status(500, 'it breaks'),
      status(503, 'it has no capacity'),
      status(529, 'it is overloaded'),
      { says: 'it resets the connection', fault: 'reset' },
      { says: 'it says 200 and sends an error', fault: 'error-body' },
    ],
  },
  {
    title: 'A vendor that fails in the middle',
    faults: [
      { says: 'its connection ends between two frames', fault: 'cut=5', only: 'stream' },
      { says: 'its connection is reset between two frames', fault: 'cut=5 reset', only: 'stream' },
      { says: 'its connection ends within its words', fault: 'cut-bytes=400' },
      { says: 'one of its frames is no JSON', fault: 'malformed=5' },
      { says: 'it tells of an error in mid-stream', fault: 'stream-error=5', only: 'stream' },
      { says: 'it leaves out its proper end', fault: 'no-terminator', only: 'stream' },
    ],
  },
  {
    title: 'A vendor that cannot count',
    faults: [
      { says: 'it does not say what was used', fault: 'usage=missing' },
      { says: 'its counts are all zero', fault: 'usage=zero' },
      { says: 'its counts are negative', fault: 'usage=negative' },
      { says: 'its counts are fractions', fault: 'usage=fractional' },
      { says: 'its counts are words', fault: 'usage=text' },
      { says: 'its counts are beyond all numbers', fault: 'usage=huge' },
      { says: 'more came from its cache than was sent', fault: 'usage=inconsistent' },
      { says: 'more was thought than was put out', fault: 'usage=reasoning' },
      { says: 'its total is less than its parts, where it tells one', fault: 'usage=total' },
    ],
  },
  {
    title: 'A client that leaves',
    faults: [
      { says: 'while the vendor never answers', fault: 'hang', leaves: 'before-content' },
      { says: 'before a slow first content', fault: 'slow-first=30000', leaves: 'before-content' },
      {
        says: 'while the words come slowly',
        fault: 'drip=20',
        prompt: 'words 2000',
        leaves: 'after-content',
        only: 'stream',
      },
      { says: 'when the vendor falls silent in mid-stream', fault: 'stall=8', leaves: 'after-content', only: 'stream' },
    ],
  },
];
