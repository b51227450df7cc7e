import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { OPEN } from './conversations/open.js';
import { lendDispatcher } from './lend-dispatcher.js';
import { platform } from './platform.js';
import { callsOf, LOOP_CALLS, runToolLoop } from './tool-loop.js';
import { OWNERS, PAIRS, WIRE_MODELS } from './wire-models.js';

const key = platform.keys.extended;

/** Where each vendor's loop goes on after its second turn: somewhere with other state in another shape. */
const NEXT = {
  'anthropic-messages': 'gemini-generate',
  'gemini-generate': 'openai-responses',
  'openai-responses': 'openai-chat',
  'openai-chat': 'anthropic-messages',
} as const satisfies Record<ProtocolName, ProtocolName>;

const ways = [true, false].flatMap((stream) =>
  PAIRS.map((pair) => ({ ...pair, stream, way: stream ? 'streaming' : 'whole' })),
);

beforeAll(lendDispatcher);

describe.each(ways)('a thinking tool loop of a $client client on $vendor, $way', ({ client, vendor, stream }) => {
  const setting = (protocol: ProtocolName) => ({ model: OWNERS[protocol].id, stream, thinking: true });

  it('goes four turns, and the vendor finds all of its state where it left it', async () => {
    const answers = await runToolLoop(OPEN[client](key), setting(vendor), setting(vendor));
    expect(answers.map(callsOf)).toEqual(LOOP_CALLS);
    expect(answers.at(-1)?.text).toBe('all four are known');
  });

  it('changes its vendor at turn three and goes on', async () => {
    const answers = await runToolLoop(OPEN[client](key), setting(vendor), setting(NEXT[vendor]));
    expect(answers.map(callsOf)).toEqual(LOOP_CALLS);
    expect(answers.at(-1)?.text).toBe('all four are known');
  });
});

const lookAlikes = PROTOCOL_NAMES.flatMap((client) =>
  WIRE_MODELS.filter(({ id, protocol }) => OWNERS[protocol].id !== id).map(({ id, protocol }) => ({
    ...{ client, id, owner: OWNERS[protocol].id },
  })),
);

describe.each(lookAlikes)('a thinking tool loop of a $client client on $id', ({ client, id, owner }) => {
  it.each([
    { where: 'stays there', before: id, after: id, stream: true },
    { where: 'goes on at the owner of the wire', before: id, after: owner, stream: false },
    { where: 'comes from the owner of the wire', before: owner, after: id, stream: true },
  ])('$where', async ({ before, after, stream }) => {
    const setting = (model: string) => ({ model, stream, thinking: true });
    const answers = await runToolLoop(OPEN[client](key), setting(before), setting(after));
    expect(answers.map(callsOf)).toEqual(LOOP_CALLS);
    expect(answers.at(-1)?.text).toBe('all four are known');
  });
});
