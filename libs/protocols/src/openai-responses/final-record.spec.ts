import { isFinalRecord } from './final-record.js';

const isFinal = (text: string) => isFinalRecord(new TextEncoder().encode(text));

describe('the record that holds the finished response', () => {
  it.each([
    ['event: response.completed\ndata: {}\n\n', true],
    ['event:response.incomplete\r\ndata: {}\r\n\r\n', true],
    ['data: {"type":"response.completed","response":{}}\n\n', true],
    ['data:{ "type" : "response.incomplete"}\n\n', true],
    ['event: response.failed\ndata: {}\n\n', false],
    ['event: response.output_text.done\ndata: {"text":"event: response.completed"}\n\n', false],
    ['data: {"type":"response.output_text.delta","delta":"\\"type\\":\\"response.completed\\""}\n\n', false],
    [': ping\n\n', false],
    ['data', false],
  ])('%j: %s', (text, expected) => {
    expect(isFinal(text)).toBe(expected);
  });
});
