import { PROTOCOL_NAMES } from '@bytespike/kernel';

import type { Setting } from './conversations/conversation.js';
import { OPEN } from './conversations/open.js';
import { lendDispatcher } from './lend-dispatcher.js';
import { platform } from './platform.js';
import { WIRE_MODELS } from './wire-models.js';

const key = platform.keys.extended;
const settings = [true, false].map((stream) => ({ stream, way: stream ? 'streaming' : 'whole' }));

// Every SDK against every wire, the look-alikes' included; its own protocol among them, for that is a pair too.
const pairs = PROTOCOL_NAMES.flatMap((client) =>
  WIRE_MODELS.map(({ id, vendor, protocol }) => ({ client, id, vendor, protocol })),
);

beforeAll(lendDispatcher);

describe.each(pairs)('the $client SDK on $id, where $vendor speaks $protocol', ({ client, id: model }) => {
  const asking = (stream: boolean): Setting => ({ model, stream, thinking: false });

  it('is told the same, streaming and whole', async () => {
    const whole = await OPEN[client](key).say('count to 30', asking(false));
    const folded = await OPEN[client](key).say('count to 30', asking(true));
    expect(whole.text).toMatch(/(^|\D)1, 2, 3.*29, 30$/);
    expect(folded.text).toBe(whole.text);
    expect([folded.wantsTools, whole.wantsTools]).toEqual([false, false]);
    expect(folded.outputTokens).toBe(whole.outputTokens);
    expect(whole.outputTokens).toBeGreaterThan(0);
  });

  it.each(settings)('has two tools called at once and goes on with both results, $way', async ({ stream }) => {
    const conversation = OPEN[client](key);
    const prompt = 'call get_weather {"city":"Oslo"}\ncall get_time {"city":"Lima"}';
    const asked = await conversation.say(prompt, asking(stream));
    expect(asked.wantsTools).toBe(true);
    expect(asked.calls).toMatchObject([
      { name: 'get_weather', input: { city: 'Oslo' } },
      { name: 'get_time', input: { city: 'Lima' } },
    ]);
    const ids = asked.calls.map(({ id }) => id).filter((id) => id !== '');
    expect(new Set(ids).size).toBe(ids.length);
    const answered = await conversation.answerCalls(['sun in Oslo', 'noon in Lima'], asking(stream));
    expect(answered.text).toContain('sun in Oslo');
    expect(answered.text).toContain('noon in Lima');
    expect(answered.wantsTools).toBe(false);
  });
});
