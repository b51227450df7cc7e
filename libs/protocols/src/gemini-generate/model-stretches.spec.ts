import { A, ask, C, G, lost, R, route, sent } from '../testing/case.js';
import { toolFields } from '../testing/client-turns.js';
import { vendorBodyFault } from '../testing/vendor-body-rules.js';

/** What the official SDK's chats send back of streams: every chunk is a content of its own, the empty last one too. */
const model = (...parts: readonly object[]) => ({ role: 'model', parts });
const user = (...parts: readonly object[]) => ({ role: 'user', parts });
const call = (id: string, city: string) => ({ functionCall: { id, name: 'look', args: { city } } });
const response = (id: string) => ({ functionResponse: { id, name: 'look', response: { output: id } } });
const contents = [
  user({ text: 'Go.' }),
  model({ text: 'Let me', thought: true }),
  model({ text: ' look.', thought: true }),
  model({ text: 'Two ' }),
  model({ text: 'cities.' }),
  model(call('c1', 'Oslo')),
  model(call('c2', 'Rom')),
  model({ text: '' }),
  user(response('c1'), response('c2')),
];
const fields = { contents, ...toolFields(G, 'look') };

describe('a stream that a client kept chunk by chunk', () => {
  it.each([A, R, C, G])('is one turn for a vendor of %s, its calls answered behind it', (target) => {
    const exchange = ask(route(G, target), fields);
    expect(lost(exchange).filter((line) => line.startsWith('L31'))).toEqual([]);
    expect(vendorBodyFault(target, route(G, target).vendor, exchange.body)).toBeUndefined();
  });

  it('has its pieces put together, text with text and thought with thought', () => {
    expect(sent(ask(route(G, C, 'deepseek'), fields), 'messages.1')).toMatchObject({
      role: 'assistant',
      content: 'Two cities.',
      reasoning_content: 'Let me look.',
      tool_calls: [{ id: 'c1' }, { id: 'c2' }],
    });
    expect(sent(ask(route(G, A), fields), 'messages.1.content')).toMatchObject([
      { type: 'text', text: 'Two cities.' },
      { type: 'tool_use', id: 'c1' },
      { type: 'tool_use', id: 'c2' },
    ]);
  });

  it('goes back to its own wire part by part', () => {
    const parts = contents.slice(1, 8).flatMap((content) => content.parts);
    const written = sent(ask({ ...route(G, G), upstreamModel: 'gemini-2.5-flash' }, fields), 'contents.1');
    expect(written).toEqual({ role: 'model', parts });
  });

  it('names its places as the client wrote them', () => {
    const unanswered = { ...fields, contents: [...contents.slice(0, 8), user(response('c1')), user({ text: 'Hm.' })] };
    expect(lost(ask(route(G, A), unanswered))).toContain('L31 contents.6.parts.0');
    const later = [...contents, model({ text: 'Sunny.' }), user({ fileData: { fileUri: 'gs://b/f.mp4' } })];
    expect(lost(ask(route(G, A), { ...fields, contents: later }))).toContainEqual(
      expect.stringMatching(/^L1\d contents\.10\.parts\.0/),
    );
  });

  it('gives calls without ids the same ones however the history grows', () => {
    const bare = (city: string) => ({ functionCall: { name: 'look', args: { city } } });
    const bareResponse = { functionResponse: { name: 'look', response: { output: 'sun' } } };
    const history = [user({ text: 'Go.' }), model(bare('Oslo')), model(bare('Rom')), user(bareResponse, bareResponse)];
    const once = sent(ask(route(G, C), { ...fields, contents: history }), 'messages.1.tool_calls');
    const grown = [...history, model({ text: 'Sunny.' }), model({ text: '' }), user({ text: 'Thanks.' })];
    expect(sent(ask(route(G, C), { ...fields, contents: grown }), 'messages.1.tool_calls')).toEqual(once);
    expect(once).toMatchObject([{ id: 'call_1_0' }, { id: 'call_2_0' }]);
  });
});
