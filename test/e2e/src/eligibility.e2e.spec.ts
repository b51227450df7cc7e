import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { createKey, newCustomer, type Customer } from './accounts.js';
import { callGateway } from './platform.js';

interface Available {
  readonly id: string;
  readonly protocols: Readonly<Partial<Record<ProtocolName, 'native' | 'translated' | 'shim' | 'planned'>>>;
  readonly protocols_aggregate: readonly string[];
  readonly capabilities: readonly string[];
}

const TOOL = {
  name: 'look',
  description: 'Looks',
  parameters: { type: 'object', properties: { where: { type: 'string' } }, required: ['where'] },
};

/** The smallest request of each protocol, with a tool or without. */
const ASKING: Readonly<Record<ProtocolName, (model: string, tools: 'tools' | 'none') => [path: string, body: object]>> =
  {
    'anthropic-messages': (model, tools) => [
      '/v1/messages',
      {
        ...{ model, max_tokens: 32, messages: [{ role: 'user', content: 'say: ok' }] },
        ...(tools === 'tools' && { tools: [{ name: TOOL.name, input_schema: TOOL.parameters }] }),
      },
    ],
    'openai-responses': (model, tools) => [
      '/v1/responses',
      { model, input: 'say: ok', store: false, ...(tools === 'tools' && { tools: [{ type: 'function', ...TOOL }] }) },
    ],
    'openai-chat': (model, tools) => [
      '/v1/chat/completions',
      {
        ...{ model, messages: [{ role: 'user', content: 'say: ok' }] },
        ...(tools === 'tools' && { tools: [{ type: 'function', function: TOOL }] }),
      },
    ],
    'gemini-generate': (model, tools) => [
      `/v1beta/models/${model}:generateContent`,
      {
        contents: [{ role: 'user', parts: [{ text: 'say: ok' }] }],
        ...(tools === 'tools' && { tools: [{ functionDeclarations: [TOOL] }] }),
      },
    ],
  };

/** What each word promises (contract 0.2), with tools and without. */
const PROMISE = { native: [200, 200], translated: [200, 200], shim: [200, 200], planned: [200, 422] } as const;

let customer: Customer;
beforeAll(async () => {
  customer = await newCustomer('100');
});

describe.each([
  { group: 'default', id: 1 },
  { group: 'agent-global', id: 6 },
  { group: 'agent-china', id: 7 },
  { group: 'extended', id: 8 },
])('the cells of the group $group', ({ id }) => {
  let key: string;
  let models: readonly Available[];
  beforeAll(async () => {
    key = await createKey(customer.management, id);
    const response = await callGateway('/api/v1/me/available-models', { key });
    const { data } = (await response.json()) as { data: Available[] };
    models = data.filter(({ capabilities }) => capabilities.includes('text'));
    expect(models.length).toBeGreaterThan(5);
  });

  const status = async (protocol: ProtocolName, model: string, tools: 'tools' | 'none'): Promise<number> => {
    const [path, body] = ASKING[protocol](model, tools);
    const headers = { 'content-type': 'application/json' };
    const response = await callGateway(path, { method: 'POST', key, headers, body: JSON.stringify(body) });
    await response.arrayBuffer();
    return response.status;
  };

  it.each(PROTOCOL_NAMES)('keep their word on %s', async (protocol) => {
    const answers = await Promise.all(
      models.map(async ({ id: model, protocols, capabilities }) => {
        const cell = protocols[protocol];
        const tools = capabilities.includes('tool_use');
        const [without, withTools] = cell ? PROMISE[cell] : [404, 404];
        return {
          cell: `${model}: ${cell ?? 'closed'}`,
          promised: tools ? [without, withTools] : [without],
          given: [await status(protocol, model, 'none'), ...(tools ? [await status(protocol, model, 'tools')] : [])],
        };
      }),
    );
    expect(answers.map(({ cell, given }) => ({ cell, statuses: given }))).toEqual(
      answers.map(({ cell, promised }) => ({ cell, statuses: promised })),
    );
  });

  it('are listed alike in both ways of writing them', () => {
    for (const { protocols, protocols_aggregate: aggregate } of models)
      expect([...aggregate].sort()).toEqual(
        Object.entries(protocols)
          .map(([protocol, cell]) =>
            cell === 'native' ? protocol : `${protocol}:${cell === 'shim' ? 'translated' : cell}`,
          )
          .sort(),
      );
  });

  it('are what each dialect lists as models', async () => {
    const listed = async (path: string, headers: Record<string, string>): Promise<string[]> => {
      const response = await callGateway(path, { headers: { 'x-api-key': key, ...headers } });
      const { data = [], models: cards = [] } = (await response.json()) as {
        data?: { id: string }[];
        models?: { name: string }[];
      };
      return [...data.map((one) => one.id), ...cards.map(({ name }) => name.replace('models/', ''))].sort();
    };
    const open = (protocol: ProtocolName): string[] =>
      models.flatMap(({ id: model, protocols }) => (protocols[protocol] ? [model] : [])).sort();
    expect(await listed('/v1/models?limit=1000', { 'anthropic-version': '2023-06-01' })).toEqual(
      open('anthropic-messages'),
    );
    expect(await listed('/v1beta/models?pageSize=1000', {})).toEqual(open('gemini-generate'));
  });
});
