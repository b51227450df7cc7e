import type { GenerateRequest, Turn } from '@bytespike/ir';
import type { JsonObject } from '@bytespike/kernel';

import { openaiResponses } from './index.js';
import type { WireRequest } from './schema.js';

const { toIr, fromIr, schema } = openaiResponses;
const read = (body: object): GenerateRequest => toIr.request(schema.request.parse({ model: 'm', ...body }));
const write = (ir: GenerateRequest, vendor: string, model = 'gpt-5.6') => fromIr.request({ ...ir, model }, { vendor });
const itemsOf = ({ input }: WireRequest): readonly JsonObject[] =>
  typeof input === 'string' ? [] : (input as readonly JsonObject[]);

const said = (text: string): Turn => ({ role: 'user', form: 'string', parts: [{ type: 'text', text }] });
const call = (id: string) =>
  ({ type: 'tool-call', id, name: 'get_tide', kind: 'function', argumentsText: '{}' }) as const;
const result = (callId: string): Turn => ({
  role: 'tool',
  form: 'parts',
  parts: [{ type: 'tool-result', callId, form: 'string', content: [{ type: 'text', text: 'six' }] }],
});
const conversation = (...turns: readonly Turn[]): GenerateRequest => ({
  model: 'm',
  stream: false,
  system: [],
  turns,
  tools: [],
});
const produced = (...parts: Turn['parts']): Turn => ({ role: 'assistant', form: 'parts', parts });
const thought = (text: string, vendor?: string) =>
  ({
    type: 'reasoning',
    visibility: 'full',
    segments: [text],
    capsules: [
      { origin: { protocol: 'openai-responses', ...(vendor && { vendor }) }, kind: 'plain-reasoning', data: '' },
    ],
  }) as const;

describe('the response format', () => {
  const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
  const named = { name: 'tide', schema, strict: true };
  const sent = (body: object) => write(read({ input: 'Tide?', ...body }), 'openai').wire;

  it.each([
    ['as the Chat wire nests it', { response_format: { type: 'json_schema', json_schema: named } }],
    ['by its name there alone', { response_format: { type: 'json_schema', ...named } }],
    [
      'unless this wire says it itself',
      { response_format: { type: 'text' }, text: { format: { type: 'json_schema', ...named } } },
    ],
  ])('is read %s (contract 4.3)', (_how, body) => {
    expect(sent(body)).toMatchObject({ text: { format: { type: 'json_schema', ...named } } });
    expect(sent(body)).not.toHaveProperty('response_format');
  });
});

describe('reasoning of earlier turns', () => {
  const loose = {
    input: [
      { role: 'user', content: 'Tide?' },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' },
      { role: 'user', content: 'Hello?' },
    ],
  };

  it('is left out, and told, where what it led to is gone (T37)', () => {
    const { wire, losses } = write(read(loose), 'openai');
    expect(itemsOf(wire)).toEqual([loose.input[0], loose.input[2]]);
    expect(losses).toEqual([{ code: 'L40', path: 'turns.1.parts.0', effect: 'dropped' }]);
  });

  it.each([
    {
      name: 'that came without a cipher',
      item: { type: 'reasoning', id: 'rs_1', summary: [], content: [] },
      model: 'gpt-5.6',
    },
    { name: 'meant for a model that does not reason', item: loose.input[1], model: 'gpt-4.1' },
  ])('$name is left out, and told', ({ item, model }) => {
    const answer = { role: 'assistant', content: 'Six.' };
    const input = [loose.input[0], item, answer, loose.input[2]];
    const { wire, losses } = write(read({ input }), 'openai', model);
    expect(itemsOf(wire)).toEqual([loose.input[0], answer, loose.input[2]]);
    expect(losses).toEqual([{ code: 'L40', path: 'turns.1.parts.0', effect: 'dropped' }]);
  });

  it('goes back with the id its cipher was made for, and with a summary though it is empty (T36)', () => {
    const capsule = {
      origin: { protocol: 'openai-responses' },
      kind: 'encrypted-content',
      data: 'gAAAA',
      itemId: 'rs_7',
    } as const;
    const ir = conversation(
      said('Tide?'),
      produced({ type: 'reasoning', visibility: 'redacted', segments: [], capsules: [capsule] }, call('c1')),
      result('c1'),
    );
    expect(itemsOf(write(ir, 'openai').wire)[1]).toEqual({
      type: 'reasoning',
      id: 'rs_7',
      summary: [],
      encrypted_content: 'gAAAA',
    });
  });

  it('stands before every call at DeepSeek, and no text between two of them (T38)', () => {
    const ir = conversation(
      said('Tides?'),
      produced(thought('Two towns.', 'deepseek'), call('c1'), { type: 'text', text: 'And the other.' }, call('c2')),
      result('c1'),
      result('c2'),
    );
    const { wire, losses } = write(ir, 'deepseek', 'deepseek-v4-pro');
    const reasoning = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Two towns.' }] };
    expect(itemsOf(wire).slice(1, 6)).toEqual([
      { type: 'message', role: 'assistant', content: 'And the other.' },
      reasoning,
      { type: 'function_call', call_id: 'c1', name: 'get_tide', arguments: '{}' },
      reasoning,
      { type: 'function_call', call_id: 'c2', name: 'get_tide', arguments: '{}' },
    ]);
    expect(losses).toEqual([]);
  });

  it('is not asked for at DeepSeek where thinking is off', () => {
    const ir = {
      ...conversation(said('Tide?'), produced(call('c1')), result('c1')),
      reasoning: { mode: 'off' },
    } as const;
    const { wire } = write(ir, 'deepseek', 'deepseek-v4-pro');
    expect(itemsOf(wire).map(({ type }) => type)).toEqual(['message', 'function_call', 'function_call_output']);
    expect(wire.reasoning).toEqual({ effort: 'none' });
  });

  it.each(['openai', 'moonshot', 'zhipu', 'somebody-else'])('of DeepSeek never reaches %s', (vendor) => {
    const ir = conversation(said('Tide?'), produced(thought('Secret.', 'deepseek'), call('c1')), result('c1'));
    const { wire, losses } = write(ir, vendor);
    expect(JSON.stringify(wire)).not.toContain('Secret.');
    expect(losses).toContainEqual({ code: 'L40', path: 'turns.1.parts.0', effect: 'dropped' });
  });
});

describe('what a tool answered', () => {
  const answered = (part: Partial<Extract<Turn['parts'][number], { type: 'tool-result' }>>, vendor = 'openai') => {
    const turn: Turn = {
      role: 'tool',
      form: 'parts',
      parts: [{ type: 'tool-result', callId: 'c1', form: 'string', content: [], ...part }],
    };
    const { wire, losses } = write(conversation(said('Tide?'), produced(call('c1')), turn), vendor);
    return { output: itemsOf(wire).at(-1)?.['output'], codes: losses.map(({ code }) => code) };
  };
  const image = {
    type: 'media',
    kind: 'image',
    source: { type: 'inline', mediaType: 'image/png', base64: 'aaaa' },
  } as const;

  it('stays a string where it was one (T48)', () => {
    expect(answered({ content: [{ type: 'text', text: '{"a":1}' }] })).toEqual({ output: '{"a":1}', codes: [] });
  });

  it('holds its pictures where the vendor reads them, and says so where it does not', () => {
    const content = [{ type: 'text', text: 'The pier' }, image] as const;
    expect(answered({ form: 'parts', content }).output).toEqual([
      { type: 'input_text', text: 'The pier' },
      { type: 'input_image', image_url: 'data:image/png;base64,aaaa', detail: 'auto' },
    ]);
    expect(answered({ form: 'parts', content }, 'deepseek')).toEqual({ output: 'The pier', codes: ['L14'] });
  });

  it('says in its text that it failed', () => {
    const failed = answered({ content: [{ type: 'text', text: 'no such town' }], isError: true });
    expect(failed).toEqual({ output: '{"error":"no such town"}', codes: ['L32'] });
  });
});

describe('cache marks', () => {
  const marked = (ttl?: '5m' | '1h' | '12h') =>
    conversation({ ...said('x'), form: 'parts', parts: [{ type: 'text', text: 'Long.', cache: ttl ? { ttl } : {} }] });

  it.each([
    { ttl: undefined, written: { mode: 'explicit' }, told: [] },
    { ttl: '5m', written: { mode: 'explicit' }, told: [] },
    { ttl: '1h', written: { mode: 'explicit', ttl: '12h' }, told: ['approximated'] },
    { ttl: '12h', written: { mode: 'explicit', ttl: '12h' }, told: [] },
  ] as const)('of $ttl are written as the nearest that is not shorter', ({ ttl, written, told }) => {
    const { wire, losses } = write(marked(ttl), 'openai');
    expect(itemsOf(wire)[0]?.['content']).toEqual([
      { type: 'input_text', text: 'Long.', prompt_cache_breakpoint: written },
    ]);
    expect(losses.map(({ effect }) => effect)).toEqual(told);
  });

  it('give instructions a message of parts to stand on', () => {
    const ir = {
      ...marked(),
      system: [
        { role: 'system', slot: 'field', form: 'parts', parts: [{ type: 'text', text: 'Be brief.', cache: {} }] },
      ],
    } as const;
    const { wire } = write(ir, 'openai');
    expect(wire.instructions).toBeUndefined();
    expect(itemsOf(wire)[0]).toEqual({
      type: 'message',
      role: 'developer',
      content: [{ type: 'input_text', text: 'Be brief.', prompt_cache_breakpoint: { mode: 'explicit' } }],
    });
  });

  it('are left out for models that know none', () => {
    const { wire, losses } = write(marked('1h'), 'openai', 'gpt-5.4');
    expect(JSON.stringify(wire)).not.toContain('prompt_cache_breakpoint');
    expect(losses).toEqual([{ code: 'L83', path: 'turns.0.parts.0.cache_control', effect: 'dropped' }]);
  });
});
