import type { Plan } from '@bytespike/contracts';
import { LIMITS, type ProtocolName } from '@bytespike/kernel';
import { peekBody } from '@bytespike/protocols';

import type { GenerationCall } from '../generation-call.js';
import { plan as planned, principal, target } from '../testing/samples.js';
import { holdRequest, wantedOutput } from './hold-request.js';

/** What is asked to be held for a body; of a call, nothing else is read. */
const held = (protocol: ProtocolName, body: object, plan: Plan = planned) => {
  const bytes = Buffer.from(JSON.stringify(body));
  const call: Partial<GenerationCall> = {
    ...{ requestId: 'request', operation: 'generate', stream: false, peeked: peekBody(protocol, bytes) },
    context: { requestId: 'request', deadline: 1, signal: new AbortController().signal },
  };
  return holdRequest({ principal, call: call as GenerationCall, plan }, 'reporter-1');
};

const chat = { ...target, vendor: 'openai', protocol: 'openai-chat', lane: 'ir' } as const;
const responses = { ...target, vendor: 'openai', protocol: 'openai-responses' } as const;
const lookAlike = { ...target, vendor: 'deepseek' };

describe('the output that a hold is asked to pay for', () => {
  const plans = [
    { name: 'one that keeps to it', targets: [target], output: 0 },
    { name: 'one that is sent no limit then', targets: [chat], output: 8_192 },
    { name: 'one of which nobody knows', targets: [lookAlike], output: 8_192 },
    { name: 'one that keeps to it, and one that does not', targets: [target, chat], output: 8_192 },
  ];
  it.each(plans)('is that of the model where none is asked of $name, unless it keeps to it', ({ targets, output }) => {
    const plan = { ...planned, targets };
    expect(wantedOutput(held('anthropic-messages', { model: 'm', max_tokens: 0 }, plan))).toBe(output);
    expect(wantedOutput(held('openai-responses', { model: 'm', max_output_tokens: 0 }, plan))).toBe(output);
    expect(wantedOutput(held('gemini-generate', { generationConfig: { maxOutputTokens: 0 } }, plan))).toBe(output);
  });

  it('is of every alternative answer', () => {
    const plan = { ...planned, targets: [chat] };
    const outputs = [{}, { max_tokens: 0 }, { max_tokens: 5 }].map((limit) =>
      wantedOutput(held('openai-chat', { model: 'm', n: 3, ...limit }, plan)),
    );
    expect(outputs).toEqual([24_576, 24_576, 15]);
  });
});

describe('the searches that a hold is asked to pay for', () => {
  const search = (more: object = {}) => ({
    ...{ model: 'm', max_tokens: 9 },
    tools: [{ type: 'web_search_20250305', name: 'web_search', ...more }],
  });
  const usual = LIMITS.searchCallsUsual;
  const offers = [
    { name: 'none', body: { model: 'm', tools: [{ name: 'web_search' }] }, targets: [target], calls: undefined },
    { name: 'as many as it bounds itself', body: search({ max_uses: 3 }), targets: [target], calls: 3 },
    { name: 'more than usual', body: search({ max_uses: 40 }), targets: [target, responses], calls: 40 },
    { name: 'the usual where it bounds none', body: search(), targets: [target], calls: usual },
    { name: 'the usual where a target knows no bound', body: search({ max_uses: 1 }), targets: [chat], calls: usual },
    { name: 'an absurd number', body: search({ max_uses: 999_999_999 }), targets: [target], calls: 1_000_000 },
  ];
  it.each(offers)('are $name', ({ body, targets, calls }) => {
    expect(held('anthropic-messages', body, { ...planned, targets }).searchCalls).toBe(calls);
  });
});
