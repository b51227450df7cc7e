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

describe('later instructions of more than words', () => {
  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
  const film = { type: 'video_url', video_url: { url: 'https://x.example/a.mp4' } };
  const messages = [hi, { role: 'system', content: [{ type: 'text', text: 'Be brief.' }, picture, film] }, hi];

  it.each([
    [A, 'deepseek', 'messages.1.content.0.text'],
    [G, undefined, 'contents.1.parts.0.text'],
    [C, 'deepseek', 'messages.1.content'],
  ] as const)('are words at %s of %s, and the rest is told', (target, vendor, path) => {
    const exchange = ask(route(C, target, vendor), { messages });
    expect(sent(exchange, path)).toContain('Be brief.');
    expect(lost(exchange)).toEqual(expect.arrayContaining(['L14 messages.1.content.1', 'L14 messages.1.content.2']));
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

describe('what an Anthropic client says of a PDF', () => {
  const source = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' };
  const pdf = { type: 'document', source, context: 'The lease.', citations: { enabled: true } };
  const asked = (block: object) => ({ messages: [{ role: 'user', content: [block] }] });

  it.each([
    [R, 'input.0.content', { type: 'input_text', text: 'The lease.' }],
    [C, 'messages.0.content', { type: 'text', text: 'The lease.' }],
    [G, 'contents.0.parts', { text: 'The lease.' }],
  ] as const)('stands in front of it at %s, and is told to be no more than that', (target, path, expected) => {
    const exchange = ask(route(A, target), asked(pdf));
    expect(sent(exchange, path)).toEqual([expected, expect.anything()]);
    expect(lost(exchange)).toContain('L13 messages.0.content.0');
  });

  it.each([R, C, G])('is told at %s where it asks for citations alone', (target) => {
    const { context: _context, ...silent } = pdf;
    expect(lost(ask(route(A, target), asked(silent)))).toContain('L13 messages.0.content.0');
  });

  it('keeps the title of an address at Responses, which has no field for it', () => {
    const exchange = ask(
      route(A, R),
      asked({ type: 'document', source: { type: 'url', url: 'https://x.example/a.pdf' }, title: 'Lease' }),
    );
    expect(sent(exchange, 'input.0.content')).toEqual([
      { type: 'input_text', text: 'Lease' },
      { type: 'input_file', file_url: 'https://x.example/a.pdf' },
    ]);
    expect(lost(exchange)).toContain('L13 messages.0.content.0');
  });
});

describe('how a Gemini client wants a result taken up', () => {
  it('goes to its own vendor in the result, and nowhere else', () => {
    const response = { id: 'c1', name: 'look', response: { output: 'x' }, scheduling: 'SILENT' };
    const exchange = ask(route(G, G), {
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'look', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: response }] },
      ],
    });
    expect(sent(exchange, 'contents.2.parts.0.functionResponse')).toEqual(response);
    expect(Object.keys(sent(exchange) as object).filter((field) => field.startsWith('contents.'))).toEqual([]);
    expect(lost(exchange).filter((loss) => loss.includes('contents.2'))).toEqual([]);
  });
});
