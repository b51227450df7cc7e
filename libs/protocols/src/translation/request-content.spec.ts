import { A, ask, C, G, lost, R, route, sent } from '../testing/case.js';

const hi = { role: 'user', content: 'Hi' };

describe('leading instructions of more than words', () => {
  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
  const messages = [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }, picture] }, hi];

  it('keep a picture where a vendor reads it', () => {
    const exchange = ask(route(C, R), { messages });
    expect(sent(exchange, 'input.0.content')).toEqual([
      { type: 'input_text', text: 'Be brief.' },
      { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' },
    ]);
    expect(lost(exchange)).toEqual([]);
  });

  it.each([A, G])('keep their words at %s, and tell the picture that is left out', (target) => {
    const exchange = ask(route(C, target), { messages, max_tokens: 9 });
    expect(sent(exchange, target === A ? 'system.0.text' : 'systemInstruction.parts')).toEqual(
      target === A ? 'Be brief.' : [{ text: 'Be brief.' }],
    );
    expect(lost(exchange)).toContain('L14 messages.0.content.1');
  });
});

describe('a tool result with a part that nobody models', () => {
  const called = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
  };
  const film = { type: 'video_url', video_url: { url: 'https://x.example/a.mp4' } };
  const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }];
  const content = [film, { type: 'image_url', image_url: { url: 'https://x.example/a.png', detail: 'low' } }];
  const messages = [hi, called, { role: 'tool', tool_call_id: 'c1', content }];

  it.each([A, R, G])('is told of at %s, and what stands behind it keeps its place', (target) => {
    const told = lost(ask(route(C, target), { messages, tools, max_tokens: 9 }));
    expect(told).toContain('L14 messages.2.content.0');
    if (target === A) expect(told).toContain('L12 messages.2.content.1.detail');
    if (target === G) expect(told).toContain('L10 messages.2.content.1');
  });
});
