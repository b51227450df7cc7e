import { jest } from '@jest/globals';
import type { ProtocolName } from '@bytespike/kernel';

import { WIRES } from '../registry.js';
import { createSseSplitter } from '../sse.js';
import type { MeterReading } from './wire-meter.js';

const bare = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');

function streamOf(protocol: ProtocolName, text: string): MeterReading {
  const meter = WIRES[protocol].meter.stream({});
  createSseSplitter().push(new TextEncoder().encode(text), (record) => meter.record(record));
  return meter.reading();
}

const ending = (response: object) => bare({ type: 'response.completed', response });

describe('streams whose records leave out the event line', () => {
  it('are read by their data on the Messages wire', () => {
    const events = [
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '12345678' } },
      { type: 'yet_to_be_invented' },
      { type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { input_tokens: 2, output_tokens: 3 } },
      { type: 'message_stop' },
    ];
    expect(streamOf('anthropic-messages', `: hello\n\n${bare(...events)}`)).toEqual({
      contentStarted: true,
      ended: true,
      finish: 'length',
      usage: { input: 2, output: 3 },
      quarantined: false,
      deliveredOutput: 2,
    });
    expect(streamOf('anthropic-messages', bare({ error: { message: 'no' } })).failure?.kind).toBe('upstream-transient');
  });

  it('are read by their data on the Responses wire', () => {
    const delta = bare({ type: 'response.output_text.delta', delta: '12345678' });
    const reading = streamOf('openai-responses', `: hello\n\n${delta}${ending({ status: 'completed', output: [] })}`);
    expect(reading).toMatchObject({ contentStarted: true, ended: true, finish: 'stop', deliveredOutput: 2 });
    expect(streamOf('openai-responses', bare({ error: { message: 'no' } })).failure?.kind).toBe('upstream-transient');
  });
});

it.each(Object.keys(WIRES) as ProtocolName[])('asks no parser about records of %s that carry nothing', (protocol) => {
  const parse = jest.spyOn(JSON, 'parse');
  streamOf(protocol, '\n: hello\n\ndata:\n\ndata: \n\nevent: ping\n\n');
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
});

describe('a Responses stream', () => {
  it('counts what only its done events say', () => {
    const done = bare({ type: 'response.output_text.done', text: '12345678' });
    expect(streamOf('openai-responses', done).deliveredOutput).toBe(2);
  });

  it.each([
    [{ status: 'completed', output: [{ type: 'message' }, { type: 'function_call' }] }, 'tool-calls'],
    [{ status: 'incomplete', output: [], incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ status: 'incomplete', output: [], incomplete_details: { reason: 'content_filter' } }, 'refusal'],
    [{ status: 'incomplete', output: [], incomplete_details: { reason: 'yet to be invented' } }, 'other'],
  ])('ends as its last event says: %j', (response, finish) => {
    expect(streamOf('openai-responses', ending(response))).toMatchObject({ ended: true, finish });
  });
});

describe('a Messages stream', () => {
  const block = (content_block: object) => bare({ type: 'content_block_start', index: 0, content_block });

  it.each([
    [{ type: 'text', text: '' }, false],
    [{ type: 'thinking', thinking: '', signature: '' }, false],
    [{ type: 'tool_use', id: 't', name: 'f', input: { type: 'text' } }, true],
    [{ type: 'redacted_thinking', data: 'x' }, true],
  ])('has begun with %j: %s', (content, begun) => {
    expect(streamOf('anthropic-messages', block(content)).contentStarted).toBe(begun);
  });

  it('has begun when it signs what it does not show', () => {
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } };
    expect(streamOf('anthropic-messages', bare(delta))).toMatchObject({ contentStarted: true, deliveredOutput: 0 });
  });
});

describe('a Gemini stream', () => {
  const ended = (more: object, parts: readonly object[] = [{ text: 'x' }]) =>
    bare({ candidates: [{ content: { parts }, finishReason: 'STOP', ...more }] });

  it.each([
    [ended({}), 'stop'],
    [ended({}, [{ functionCall: { name: 'f' } }]), 'tool-calls'],
    [ended({ finishReason: 'SAFETY' }), 'refusal'],
    [ended({ finishReason: 'CONTINUATION' }), 'pause'],
    [ended({ finishReason: 'YET_TO_BE_INVENTED' }), 'other'],
    [bare({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }), 'refusal'],
    [bare({ promptFeedback: { blockReason: 'MODEL_ARMOR' } }), 'refusal'],
    [bare({ promptFeedback: { blockReason: 'OTHER' } }), 'refusal'],
  ])('%s ends with %s', (text, finish) => {
    expect(streamOf('gemini-generate', text)).toMatchObject({ ended: true, finish });
  });

  it('is not ended, blocked or counted by what a model names its arguments', () => {
    const args = { finishReason: 'STOP', promptFeedback: { blockReason: 'SAFETY' }, list: [{ usageMetadata: {} }] };
    const calling = { candidates: [{ content: { parts: [{ functionCall: { name: 'f', args } }] } }] };
    const reading = streamOf('gemini-generate', bare(calling));
    expect(reading).toMatchObject({ contentStarted: true, ended: false });
    expect(reading.finish).toBeUndefined();
  });

  it('says as much as the same answer does whole', () => {
    const parts = [
      { text: 'Wait. ', thought: true },
      { functionCall: { name: 'write', args: { path: 'a.md', text: 'é'.repeat(9), in: { stringValue: 'once' } } } },
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
    ];
    const groundingMetadata = { groundingSupports: [{ segment: { text: 'what was said already' } }] };
    const body = new TextEncoder().encode(
      JSON.stringify({ candidates: [{ content: { parts }, finishReason: 'STOP' }] }),
    );
    const whole = WIRES['gemini-generate'].meter.body(body, {}).deliveredOutput;
    expect(whole).toBeGreaterThan(0);
    expect(streamOf('gemini-generate', ended({ groundingMetadata }, parts)).deliveredOutput).toBe(whole);
  });

  it('counts arguments that come in pieces', () => {
    const partialArgs = [{ jsonPath: '$.a', stringValue: '12345678', willContinue: true }];
    const reading = streamOf('gemini-generate', ended({}, [{ functionCall: { name: 'f', partialArgs } }]));
    expect(reading.deliveredOutput).toBe(2);
  });

  it('counts its searches', () => {
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1 };
    const text = ended({ groundingMetadata: { webSearchQueries: ['a', 'b'] } }) + bare({ usageMetadata });
    expect(streamOf('gemini-generate', text).usage).toEqual({ input: 1, output: 1, searchCalls: 2 });
  });
});
