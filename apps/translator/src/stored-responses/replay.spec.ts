import { replayed, replayedItem } from './replay.js';
import { inputItems, itemIds, listedInput, type StoredTurn } from './stored-turn.js';

const asked = { type: 'message', role: 'user', content: 'hi' };
const call = { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f', arguments: '{}' };
const pointer = { type: 'reasoning', id: 'rs_1', summary: [] };
const sealed = { ...pointer, encrypted_content: 'gAAAA' };
const open = { ...pointer, content: [{ type: 'reasoning_text', text: 'so' }] };
const turn = (...output: StoredTurn['output']): StoredTurn => ({ responseId: 'resp_x', input: [asked], output });

describe('a turn that is replayed', () => {
  it.each([
    { name: 'sealed reasoning stays', output: [sealed, call], expected: [asked, sealed, call] },
    { name: 'open reasoning stays', output: [open, call], expected: [asked, open, call] },
    {
      name: 'a pointer into the store of a vendor goes, and the ids that depend on it',
      output: [pointer, call],
      expected: [asked, { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }],
    },
  ])('$name', ({ output, expected }) => {
    expect(replayed(turn(...output))).toEqual(expected);
  });

  it.each([
    { id: 'fc_1', found: { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' } },
    { id: 'rs_1', found: undefined },
    { id: 'msg_xi0', found: asked },
    { id: 'fc_2', found: null },
  ])('gives up single items too: $id', ({ id, found }) => {
    expect(replayedItem(turn(pointer, call), id)).toEqual(found);
  });
});

describe('items of a turn', () => {
  it('have an id each, their own where they have one', () => {
    const input = inputItems([
      { role: 'user', content: 'a' },
      { type: 'function_call_output', id: 'fco_9' },
      { id: 'x' },
    ]);
    expect(listedInput({ ...turn(), input }).map(({ id, type }) => `${String(type)} ${String(id)}`)).toEqual([
      'message msg_xi0',
      'function_call_output fco_9',
      'item_reference x',
    ]);
    expect(itemIds({ ...turn(call), input })).toEqual(['msg_xi0', 'fco_9', 'x', 'fc_1']);
  });

  it.each([{ input: 7 }, { input: ['text'] }])('are refused where they are none: %j', ({ input }) => {
    expect(() => inputItems(input)).toThrow('must be a string or a list of items');
  });
});
