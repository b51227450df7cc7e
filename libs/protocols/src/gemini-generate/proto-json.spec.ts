import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { requestFixtures } from '../testing/fixtures.js';
import { translatable } from '../translation/translatable.js';
import { geminiGenerate } from './index.js';
import { REQUEST } from './messages.js';
import { readProto, type Kind, type Message } from './proto-json.js';

const wire = translatable(geminiGenerate);

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A body as a client writes it that spells every name of the protocol in the other way. */
function inSnakeCase(value: JsonValue, message: Message): JsonValue {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [
      Object.hasOwn(message, name) ? snake(name) : name,
      held === undefined ? held : spelled(held, message[name] ?? 'any'),
    ]),
  );
}

function spelled(value: JsonValue, kind: Kind): JsonValue {
  if (typeof kind === 'string') return value;
  if ('message' in kind) return inSnakeCase(value, kind.message());
  if ('list' in kind) return (value as readonly JsonValue[]).map((entry) => spelled(entry, kind.list));
  const entries = Object.entries(value as JsonObject);
  return Object.fromEntries(entries.map(([key, entry]) => [key, spelled(entry ?? null, kind.map)]));
}

describe('proto-JSON', () => {
  it.each(requestFixtures('gemini-generate'))('$name reads alike in either spelling', ({ body }) => {
    const other = inSnakeCase(body as JsonValue, REQUEST);
    expect(wire.readRequest(other)).toEqual(wire.readRequest(body as JsonValue));
  });

  it('leaves names that are the caller’s own alone', () => {
    const args = { file_path: '/tmp', nested: { max_output_tokens: 1, generation_config: {} } };
    const schema = { type: 'OBJECT', properties: { any_of: { type: 'STRING' }, min_items: { type: 'INTEGER' } } };
    const labels = { team_name: 'search' };
    const body = {
      contents: [
        { parts: [{ text: 'Go.' }] },
        { role: 'model', parts: [{ function_call: { name: 'read_file', args } }] },
        { parts: [{ function_response: { name: 'read_file', response: { file_text: 'x' } } }] },
      ],
      tools: [
        { function_declarations: [{ name: 'read_file', parameters: schema, parameters_json_schema: undefined }] },
      ],
      labels,
    };
    expect(readProto(JSON.parse(JSON.stringify(body)), REQUEST)).toEqual({
      contents: [
        { parts: [{ text: 'Go.' }] },
        { role: 'model', parts: [{ functionCall: { name: 'read_file', args } }] },
        { parts: [{ functionResponse: { name: 'read_file', response: { file_text: 'x' } } }] },
      ],
      tools: [{ functionDeclarations: [{ name: 'read_file', parameters: schema }] }],
      labels,
    });
  });

  it.each([
    {
      name: 'a lone value for a list of one',
      from: { contents: { parts: { text: 'Hi' } } },
      to: { contents: [{ parts: [{ text: 'Hi' }] }] },
    },
    {
      name: 'numbers that are strings',
      from: { generation_config: { max_output_tokens: '100', top_p: '0.5', seed: 'x' } },
      to: { generationConfig: { maxOutputTokens: 100, topP: 0.5, seed: 'x' } },
    },
    { name: 'null as not set', from: { cached_content: null, contents: [] }, to: { contents: [] } },
    {
      name: 'camelCase where a field is spelled twice',
      from: { cached_content: 'a', cachedContent: 'b' },
      to: { cachedContent: 'b' },
    },
    { name: 'nothing but objects', from: [1], to: [1] },
    {
      name: 'names it does not know as they are',
      from: { new_field: { inner_field: 1 } },
      to: { new_field: { inner_field: 1 } },
    },
  ])('takes $name', ({ from, to }) => {
    expect(readProto(from, REQUEST)).toEqual(to);
  });

  it('reads bytes in either alphabet of base64', () => {
    const inline = (data: string) => ({ contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data } }] }] });
    const [read] = wire.readRequest(inline('-_-_')).turns[0]?.parts ?? [];
    expect(read).toMatchObject({ source: { base64: '+/+/' } });
    const [padded] = wire.readRequest(inline('YQ')).turns[0]?.parts ?? [];
    expect(padded).toMatchObject({ source: { base64: 'YQ==' } });
  });

  it.each([
    { name: 'a string', systemInstruction: 'Be brief.' },
    { name: 'a list of strings', systemInstruction: ['Be ', 'brief.'] },
    { name: 'parts', systemInstruction: [{ text: 'Be ' }, { text: 'brief.' }] },
    { name: 'a content', systemInstruction: { parts: [{ text: 'Be brief.' }] } },
  ])('takes $name for an instruction', ({ systemInstruction }) => {
    const { system } = wire.readRequest({ contents: [{ parts: [{ text: 'Hi' }] }], systemInstruction });
    expect(system.flatMap(({ parts }) => parts.map((part) => part.type === 'text' && part.text)).join('')).toBe(
      'Be brief.',
    );
  });
});
