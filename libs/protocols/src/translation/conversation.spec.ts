import { A, ask, C, G, lost, R, route, sent } from '../testing/case.js';
import { toolFields } from '../testing/client-turns.js';
import { vendorBodyFault } from '../testing/vendor-body-rules.js';

const call = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} });
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: id });
const said = (...content: readonly object[]) => ({ role: 'assistant', content });
const told = (...content: readonly object[]) => ({ role: 'user', content });

/** Messages of one role that follow one another are one to their own vendor, and so to any (protocols 1.1). */
const step = [
  { role: 'user', content: 'Go.' },
  said({ type: 'thinking', thinking: 'Hm.', signature: '' }),
  said(call('t1')),
  said(call('t2'), { type: 'text', text: 'Two.' }),
  told(result('t1')),
  told(result('t2')),
];
const fields = { messages: step, ...toolFields(A, 'look') };

describe('a step that a Messages client wrote in several messages', () => {
  it.each([R, C, G])('is understood, and taken by a vendor of %s', (target) => {
    const exchange = ask(route(A, target), fields);
    expect(lost(exchange).filter((line) => line.startsWith('L31'))).toEqual([]);
    expect(vendorBodyFault(target, route(A, target).vendor, exchange.body)).toBeUndefined();
  });

  it('is one message where results must stand behind it, with its thought', () => {
    expect((sent(ask(route(A, C, 'deepseek'), fields), 'messages') as object[]).slice(1)).toMatchObject([
      { role: 'assistant', content: 'Two.', tool_calls: [{ id: 't1' }, { id: 't2' }] },
      { role: 'tool', tool_call_id: 't1' },
      { role: 'tool', tool_call_id: 't2' },
    ]);
  });

  it('is still owed every result', () => {
    const messages = [...step.slice(0, 5), { role: 'user', content: 'And?' }];
    expect(lost(ask(route(A, C), { ...fields, messages }))).toContain('L31 messages.3.content.0');
  });

  it('is no step where words alone follow one another', () => {
    const words = [step[0], said({ type: 'text', text: 'One.' }), said({ type: 'text', text: 'Two.' }), step[0]];
    expect(sent(ask(route(A, C), { messages: words }), 'messages')).toHaveLength(4);
  });
});
