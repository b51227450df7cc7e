import { GatewayError } from '@bytespike/kernel';

import { clientPaths } from '../losses.js';
import { translatable } from '../translation/translatable.js';
import { openaiResponses } from './index.js';

const client = translatable(openaiResponses);
const body = {
  model: 'm',
  instructions: 'Be brief.',
  input: [
    { type: 'additional_tools', tools: [{ type: 'namespace', name: 'a', tools: [{ type: 'function', name: 'b' }] }] },
    { role: 'developer', content: 'Here.' },
    { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
    {
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'A' },
        { type: 'output_text', text: 'B' },
      ],
      phase: 'commentary',
    },
    { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'q' } },
    { type: 'function_call', call_id: 'c1', name: 'b', namespace: 'a', arguments: '{}' },
    { type: 'function_call_output', call_id: 'c1', output: [{ type: 'input_text', text: 'ok' }] },
  ],
  tools: [{ type: 'web_search', search_context_size: 'low' }],
};

describe('a path', () => {
  const say = clientPaths(client, client.readRequest(body));

  it.each([
    ['system.0', 'instructions'],
    ['system.1.cache_control', 'input.1.prompt_cache_breakpoint'],
    ['turns.0.parts.0.cache_control', 'input.2.content.0.prompt_cache_breakpoint'],
    ['turns.1', 'input.3'],
    ['turns.1.parts.0', 'input.3'],
    ['turns.1.parts.2', 'input.4.content.1'],
    ['turns.1.parts.3', 'input.5'],
    ['turns.1.parts.4', 'input.5'],
    ['turns.1.parts.5', 'input.6'],
    ['turns.1.phase', 'input.4.phase'],
    ['turns.2.parts.0.content.0', 'input.7.output.0'],
    ['tools.0.search.contextSize', 'tools.0.search_context_size'],
    ['tools.1.strict', 'input.0.tools.0.tools.0.strict'],
    ['sampling.topP', 'top_p'],
    ['extensions.truncation', 'truncation'],
  ])('of the hub, %s, names %s in the body', (path, place) => {
    expect(say(path)).toBe(place);
  });

  it.each<{ name: string; input: object | string; place: string }>([
    {
      name: 'a call without an id',
      input: [{ type: 'function_call', name: 'b', arguments: '{}' }],
      place: 'input.0.call_id',
    },
    {
      name: 'arguments that are no text',
      input: [{ type: 'function_call', call_id: 'c', name: 'b', arguments: {} }],
      place: 'input.0.arguments',
    },
    { name: 'a strange role', input: [{ role: 'robot', content: 'Hi' }], place: 'input.0.role' },
    {
      name: 'a text that is a number',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 7 }] }],
      place: 'input.0.content.0.text',
    },
    {
      name: 'a picture of nothing',
      input: [{ role: 'user', content: [{ type: 'input_image' }] }],
      place: 'input.0.content.0',
    },
    { name: 'a reference nobody resolved', input: [{ type: 'item_reference', id: 'msg_1' }], place: 'input.0.id' },
    { name: 'a reference without a type', input: [{ id: 'msg_1' }], place: 'input.0.id' },
    { name: 'tools that are no list', input: [{ type: 'additional_tools', tools: {} }], place: 'input.0.tools' },
    { name: 'a number for the input', input: 7 as unknown as string, place: 'input' },
  ])('of $name is in the refusal', ({ input, place }) => {
    const thrown = ((): unknown => {
      try {
        return client.readRequest({ model: 'm', input } as never);
      } catch (refusal) {
        return refusal;
      }
    })();
    expect(thrown).toBeInstanceOf(GatewayError);
    expect(thrown).toMatchObject({ kind: 'invalid-request', details: { param: place } });
  });
});
