import { responseStream } from './response-stream.js';

const output = [
  { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
  {
    ...{ id: 'msg_1', type: 'message', status: 'completed', role: 'assistant' },
    content: [
      { type: 'output_text', text: 'Hi', annotations: [{ type: 'url_citation', url: 'https://x.test' }] },
      { type: 'refusal', refusal: 'No.' },
    ],
  },
  { id: 'fc_1', type: 'function_call', status: 'completed', call_id: 'c', name: 'f', arguments: '{"a":1}' },
  { id: 'ctc_1', type: 'custom_tool_call', status: 'completed', call_id: 'd', name: 'g', input: 'text' },
  { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search' } },
];
const response = { id: 'resp_1', object: 'response', status: 'completed', usage: { input_tokens: 1 }, output };

interface Told {
  readonly type: string;
  readonly sequence_number: number;
  readonly response?: { readonly status: string; readonly output: readonly unknown[] };
  readonly item?: { readonly id: string };
}
const told = (text: string): Told[] =>
  text
    .split('\n\n')
    .filter(Boolean)
    .map((record) => JSON.parse(record.split('\ndata: ')[1]!) as Told);

describe('a stored response told again', () => {
  const events = told(responseStream(response));

  it('has the grammar of a first telling', () => {
    expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
      ...['created', 'in_progress', 'output_item.added'],
      ...['reasoning_summary_part.added', 'reasoning_summary_text.delta', 'reasoning_summary_text.done'],
      ...['reasoning_summary_part.done', 'output_item.done', 'output_item.added'],
      ...['content_part.added', 'output_text.delta', 'output_text.annotation.added', 'output_text.done'],
      ...['content_part.done', 'content_part.added', 'refusal.delta', 'refusal.done', 'content_part.done'],
      ...['output_item.done', 'output_item.added', 'function_call_arguments.delta', 'function_call_arguments.done'],
      ...['output_item.done', 'output_item.added', 'custom_tool_call_input.delta', 'custom_tool_call_input.done'],
      ...['output_item.done', 'output_item.added', 'output_item.done', 'completed'],
    ]);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_event, index) => index));
  });

  it('is whole at its end, and empty at its beginning', () => {
    expect(events[0]?.response).toMatchObject({ status: 'in_progress', output: [], usage: null });
    expect(events.at(-1)?.response).toEqual(response);
    const [reasoning, message, call] = events.filter(({ type }) => type === 'response.output_item.added');
    expect(reasoning?.item).toEqual({ id: 'rs_1', type: 'reasoning', summary: [] });
    expect(message?.item).toMatchObject({ status: 'in_progress', content: [] });
    expect(call?.item).toMatchObject({ arguments: '' });
  });

  it('goes on behind the event that its client has', () => {
    expect(told(responseStream(response, 27)).map(({ sequence_number }) => sequence_number)).toEqual([28, 29]);
  });

  it('ends as it ended', () => {
    expect(told(responseStream({ ...response, status: 'incomplete' })).at(-1)?.type).toBe('response.incomplete');
  });
});
