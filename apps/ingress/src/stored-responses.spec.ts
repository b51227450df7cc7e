import { ASKING, runIngress, type IngressUnderTest } from './testing/run-ingress.js';

let ingress: IngressUnderTest;
beforeEach(async () => {
  ingress = await runIngress();
});
afterEach(() => ingress.stop());

const ask = (fields: object) =>
  ingress.send({ ...ASKING.responses, body: JSON.stringify({ model: 'model-one', input: 'hi', ...fields }) });

describe('responses that nobody has stored', () => {
  it.each([
    { previous_response_id: 'resp_1' },
    { conversation: 'conv_1' },
    { input: [{ type: 'item_reference', id: 'msg_1' }] },
    { previous_response_id: 'resp_1', stream: true },
  ])('cannot be leant on: %j', async (fields) => {
    const reply = await ask(fields);
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { code: 'previous_response_not_found' } });
    expect(ingress.heard.held).toEqual([]);
    expect(ingress.heard.generated).toEqual([]);
  });

  it('cannot be made in the background, where nobody could fetch them', async () => {
    const reply = await ask({ background: true });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { code: 'unsupported_capability', param: 'background' } });
    expect(ingress.heard.generated).toEqual([]);
  });

  it.each([{ previous_response_id: null }, { background: false }, { store: true }])(
    'are not missed where none is asked for: %j',
    async (fields) => {
      expect((await ask(fields)).status).toBe(200);
    },
  );
});
