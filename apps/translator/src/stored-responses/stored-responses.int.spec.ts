import { createLocalBus } from '@bytespike/bus/testing';
import { storedResponses } from '@bytespike/contracts';
import { createPool, removeInBites, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { LIMITS } from '@bytespike/kernel';

import { PgStoredResponseStore } from './pg-stored-response-store.js';
import { createTurnSealer } from './seal-turn.js';
import { storedResponseHandlers } from './stored-responses.handlers.js';

const DAY_MS = 86_400_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const message = (text: string) => ({
  type: 'message',
  id: `msg_${text}`,
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const answering = (id: string, ...output: object[]) => ({ id, object: 'response', status: 'completed', output });

describe('stored responses', () => {
  let database: TestDatabase;
  let pool: Pool;
  let store: PgStoredResponseStore;
  let now = Date.UTC(2026, 10, 20);

  const bus = createLocalBus();
  const client = bus.client(storedResponses);
  const context = () => ({ requestId: 'r', deadline: Date.now() + 20_000, signal: new AbortController().signal });

  beforeAll(async () => {
    database = await withTestDatabase();
    pool = createPool(database.url, { max: 2, statementTimeoutMs: 5_000, applicationName: 'test' });
    store = new PgStoredResponseStore({ pool, sealer: createTurnSealer('a pepper for tests'), now: () => now });
    await bus.serve(storedResponses, storedResponseHandlers(store));
  });
  afterAll(async () => {
    await store.onApplicationShutdown();
    await database.drop();
  });

  /** Frames of a call as the JSON they are. */
  const reading = async (run: (sink: { head(): void; data(bytes: Uint8Array): void }) => Promise<unknown>) => {
    let text = '';
    await run({ head: () => undefined, data: (bytes) => void (text += decoder.decode(bytes)) });
    return JSON.parse(text) as Record<string, unknown>;
  };
  const remember = (keyId: string, request: object, answer: object, form: 'body' | 'record' = 'body') => {
    const asked = encoder.encode(JSON.stringify(request));
    const text = JSON.stringify(answer);
    const record = `event: response.completed\ndata: {"type":"response.completed","response":${text}}\n\n`;
    const body = Buffer.concat([asked, encoder.encode(form === 'body' ? text : record)]);
    return client.remember(
      { input: { keyId, requestBytes: asked.length, answer: form }, body },
      { head: () => undefined, data: () => undefined },
      context(),
    );
  };
  const expand = (keyId: string, request: object, operation: 'generate' | 'count' = 'generate') =>
    reading((sink) =>
      client.expand(
        { input: { keyId, operation, policy: 'warn', allow: [] }, body: encoder.encode(JSON.stringify(request)) },
        sink,
        context(),
      ),
    );
  const read = (keyId: string, responseId: string) =>
    reading((sink) => client.read({ input: { keyId, responseId, form: 'body' } }, sink, context()));

  it('expands a chain into one input, instructions left behind', async () => {
    await remember('k', { input: 'one', instructions: 'be brief' }, answering('resp_1', message('a')));
    await remember('k', { input: 'two', previous_response_id: 'resp_1' }, answering('resp_2', message('b')), 'record');
    const body = { model: 'm', input: 'three', previous_response_id: 'resp_2', include: ['web_search_call.results'] };
    expect(await expand('k', body)).toEqual({
      model: 'm',
      input: [
        { type: 'message', role: 'user', content: 'one' },
        message('a'),
        { type: 'message', role: 'user', content: 'two' },
        message('b'),
        { type: 'message', role: 'user', content: 'three' },
      ],
      store: false,
      include: ['web_search_call.results', 'reasoning.encrypted_content'],
    });
  });

  it('adds nothing to a count but the history', async () => {
    const counted = await expand('k', { model: 'm', input: 'now', previous_response_id: 'resp_1' }, 'count');
    expect(Object.keys(counted)).toEqual(['model', 'input']);
    expect(counted.input).toHaveLength(3);
  });

  it('tells what cannot be brought along, and refuses it to a strict caller', async () => {
    const reasoning = { type: 'reasoning', id: 'rs_pointer', summary: [] };
    await remember('k', { input: 'x' }, answering('resp_reasoned', reasoning, message('r')));
    const asking = (request: object, policy: 'warn' | 'strict', allow: string[] = []) =>
      client.expand(
        {
          input: { keyId: 'k', operation: 'generate', policy, allow },
          body: encoder.encode(JSON.stringify(request)),
        },
        { head: () => undefined, data: () => undefined },
        context(),
      );
    const chained = { input: 'y', previous_response_id: 'resp_reasoned' };
    const warnings = ['L40;path="previous_response_id";action=dropped'];
    expect(await asking(chained, 'warn')).toEqual({ previousResponseId: 'resp_reasoned', warnings });
    expect(await asking(chained, 'strict', ['L40'])).toMatchObject({ warnings });
    await expect(asking(chained, 'strict')).rejects.toMatchObject({ kind: 'unsupported' });
    expect(await asking({ input: [{ type: 'item_reference', id: 'rs_pointer' }] }, 'warn')).toEqual({
      warnings: ['L40;path="input.0";action=dropped'],
    });
  });

  it('resolves references to items of its own key, asked and answered, and keeps them resolved', async () => {
    const reference = { type: 'item_reference', id: 'msg_a' };
    const { data } = (await reading((sink) =>
      client.listInputItems({ input: { keyId: 'k', responseId: 'resp_1', order: 'asc', limit: 1 } }, sink, context()),
    )) as { data: { id: string }[] };
    const expanded = await expand('k', { input: [{ id: data[0]!.id }, reference] });
    expect(expanded.input).toEqual([{ type: 'message', role: 'user', content: 'one' }, message('a')]);
    await remember('k', { input: [reference] }, answering('resp_referring', message('c')));
    await client.forget({ keyId: 'k', responseId: 'resp_referring' }, context());
    await expect(expand('k', { input: [{ type: 'item_reference', id: 'msg_c' }] })).rejects.toMatchObject({
      kind: 'previous-response-not-found',
      details: { param: 'input' },
    });
  });

  it('shows a response as its client was told of it, with what was asked before', async () => {
    expect(await read('k', 'resp_2')).toEqual({
      ...answering('resp_2', message('b')),
      previous_response_id: 'resp_1',
      store: true,
    });
  });

  it('pages through what was asked', async () => {
    const input = [1, 2, 3].map((number) => ({ role: 'user', content: `${number}`, id: `msg_in_${number}` }));
    await remember('k', { input }, answering('resp_long', message('d')));
    const page = (asked: object) =>
      reading((sink) =>
        client.listInputItems(
          { input: { keyId: 'k', responseId: 'resp_long', order: 'desc', limit: 2, ...asked } },
          sink,
          context(),
        ),
      );
    const first = await page({});
    expect(first).toMatchObject({ object: 'list', first_id: 'msg_in_3', last_id: 'msg_in_2', has_more: true });
    expect(first.data).toContainEqual({
      ...{ type: 'message', id: 'msg_in_3', role: 'user', status: 'completed' },
      content: [{ type: 'input_text', text: '3' }],
    });
    expect(await page({ after: 'msg_in_2' })).toMatchObject({ first_id: 'msg_in_1', has_more: false });
    await expect(page({ after: 'msg_in_9' })).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  it.each([
    { name: 'an unknown id', keyId: 'k', id: 'resp_never' },
    { name: 'what another key has', keyId: 'another', id: 'resp_1' },
    { name: 'an id nobody could have given', keyId: 'k', id: 'resp \u0000 1' },
  ])('finds nothing of $name', async ({ keyId, id }) => {
    await expect(expand(keyId, { input: 'x', previous_response_id: id })).rejects.toMatchObject({
      kind: 'previous-response-not-found',
      details: { param: 'previous_response_id' },
    });
  });

  it('forgets at once, for its owner alone, and says of a chain that it is broken', async () => {
    await remember('k', { input: 'a' }, answering('resp_first', message('e')));
    await remember('k', { input: 'b', previous_response_id: 'resp_first' }, answering('resp_second', message('f')));
    await expect(client.forget({ keyId: 'another', responseId: 'resp_first' }, context())).rejects.toMatchObject({
      kind: 'not-found',
    });
    await client.forget({ keyId: 'k', responseId: 'resp_first' }, context());
    await expect(read('k', 'resp_first')).rejects.toMatchObject({ kind: 'not-found' });
    await expect(expand('k', { input: 'c', previous_response_id: 'resp_second' })).rejects.toThrow('was deleted');
  });

  const inputOf = async (responseId: string) => (await expand('k', { previous_response_id: responseId })).input;

  it('writes a repeated response over', async () => {
    for (const input of ['1', '2']) await remember('k', { input }, answering('resp_again', message('g')));
    expect(await inputOf('resp_again')).toEqual([{ type: 'message', role: 'user', content: '2' }, message('g')]);
  });

  // They are sealed on several threads at once, so that any of them may come last.
  it('keeps one of a response that comes several times within one batch, and that whole', async () => {
    const inputs = ['1', '2', '3', '4', '5', '6', '7', '8'];
    const results = await Promise.all(
      inputs.map((input) => remember('k', { input }, answering('resp_same', message(`of ${input}`)))),
    );
    expect(results).toEqual(inputs.map(() => ({ result: 'kept' })));
    const kept = inputs.map((content) => [{ type: 'message', role: 'user', content }, message(`of ${content}`)]);
    expect(kept).toContainEqual(await inputOf('resp_same'));
  });

  it.each([
    { name: 'a failed answer', answer: { ...answering('resp_failed'), status: 'failed' } },
    { name: 'something else', answer: { error: {} } },
  ])('keeps nothing of $name', async ({ answer }) => {
    expect(await remember('k', { input: 'x' }, answer)).toEqual({ result: 'unreadable' });
  });

  it('does not keep what is too large', async () => {
    const large = { ...answering('resp_large'), padding: 'x'.repeat(LIMITS.storedResponseBytesMax) };
    expect(await remember('k', { input: 'x' }, large)).toEqual({ result: 'too-large' });
  });

  it('refuses a chain beyond its limits instead of reading it', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const before = turn === 0 ? {} : { previous_response_id: `resp_deep${turn - 1}` };
      await remember('k', { input: 'x', ...before }, answering(`resp_deep${turn}`, message(`deep${turn}`)));
    }
    const within = (turnsMax: number, bytesMax: number) => store.chain('k', 'resp_deep3', { turnsMax, bytesMax });
    expect([(await within(4, 1_000)).state, (await within(3, 1_000)).state, (await within(4, 300)).state]).toEqual([
      'whole',
      'long',
      'large',
    ]);
  });

  it('holds nothing readable at rest', async () => {
    await remember('k', { input: 'a very secret question' }, answering('resp_secret', message('secret-answer')));
    const { rows } = await pool.query<{ row: string }>(
      `SELECT encode(turn || answer, 'escape') || array_to_string(item_ids, ' ') AS row
         FROM responses.response WHERE response_id = 'resp_secret'`,
    );
    expect(rows[0]!.row).not.toMatch(/very secret|output_text/);
    // A row under another owner cannot be opened, even by who may read the table.
    await pool.query(`UPDATE responses.response SET key_id = 'thief' WHERE response_id = 'resp_secret'`);
    await expect(read('thief', 'resp_secret')).rejects.toMatchObject({ kind: 'internal' });
  });

  it('is over after thirty days, before and after the sweep', async () => {
    await remember('k', { input: 'x' }, answering('resp_old', message('h')));
    now += 30 * DAY_MS;
    await expect(read('k', 'resp_old')).rejects.toMatchObject({ kind: 'not-found' });
    await removeInBites(() => store.sweep());
    const { rows } = await pool.query<{ left: bigint }>('SELECT count(*) AS left FROM responses.response');
    expect(rows).toEqual([{ left: 0n }]);
  });

  it('says so when the store cannot answer', async () => {
    const away = createPool('postgresql://nobody@127.0.0.1:1/nothing', {
      max: 1,
      statementTimeoutMs: 500,
      applicationName: 'test',
    });
    const lost = new PgStoredResponseStore({ pool: away, sealer: createTurnSealer('a pepper'), now: Date.now });
    await expect(lost.find('k', 'resp_1')).rejects.toMatchObject({ kind: 'unavailable' });
    await lost.onApplicationShutdown();
  });
});
