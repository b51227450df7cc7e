import type { FunctionTool, GenerateRequest, HostedTool } from '@bytespike/ir';

import { geminiCompatibility } from '../compatibility/gemini.js';
import { createLossList } from '../losses.js';
import { givenName } from '../translation/tools/given-name.js';
import { geminiGenerate } from './index.js';
import { callingFromIr, toolsFromIr } from './tools-from-ir.js';

const tool = (name: string, more: Partial<FunctionTool> = {}): FunctionTool => ({ kind: 'function', name, ...more });
const search: HostedTool = { kind: 'hosted', name: 'web_search', family: 'web-search', runBy: 'server' };

function written(asked: Partial<GenerateRequest>, model = 'gemini-3-flash') {
  const losses = createLossList();
  const request = { tools: [], ...asked };
  const wire = toolsFromIr(request, geminiCompatibility(model), losses);
  const calling = callingFromIr(request, wire, losses);
  return { wire, calling, lost: losses.list.map(({ code, path }) => `${code} ${path}`) };
}

const [a, b] = [tool('a'), tool('b')];
const strict = { strict: true };

describe('who may be called', () => {
  it.each<{ name: string; asked: Partial<GenerateRequest>; calling?: object; lost?: readonly string[] }>([
    { name: 'nothing said', asked: { tools: [a] } },
    { name: 'auto', asked: { tools: [a], toolChoice: { mode: 'auto' } }, calling: { mode: 'AUTO' } },
    { name: 'none', asked: { tools: [a], toolChoice: { mode: 'none' } }, calling: { mode: 'NONE' } },
    { name: 'required', asked: { tools: [a], toolChoice: { mode: 'required' } }, calling: { mode: 'ANY' } },
    {
      name: 'one',
      asked: { tools: [a, b], toolChoice: { mode: 'one', name: 'b', kind: 'function' } },
      calling: { mode: 'ANY', allowedFunctionNames: ['b'] },
    },
    {
      name: 'one that is not there',
      asked: { tools: [a], toolChoice: { mode: 'one', name: 'c', kind: 'function' } },
      lost: ['L25 toolChoice'],
    },
    {
      name: 'the search alone, which cannot be forced',
      asked: { tools: [search], toolChoice: { mode: 'one', name: 'web_search', kind: 'function' } },
      lost: ['L87 toolChoice'],
    },
    {
      name: 'anything, of a search alone',
      asked: { tools: [search], toolChoice: { mode: 'required' } },
      lost: ['L87 toolChoice'],
    },
    { name: 'anything, of nothing', asked: { toolChoice: { mode: 'required' } }, lost: ['L25 toolChoice'] },
    {
      name: 'some, if any',
      asked: { tools: [a, b], toolChoice: { mode: 'allowed', names: ['a'], required: false } },
      calling: { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
    },
    {
      name: 'some, and one of them',
      asked: { tools: [a, b], toolChoice: { mode: 'allowed', names: ['a', 'b'], required: true } },
      calling: { mode: 'ANY', allowedFunctionNames: ['a', 'b'] },
    },
    {
      name: 'only what is not there',
      asked: { tools: [a], toolChoice: { mode: 'allowed', names: ['c'], required: false } },
      calling: { mode: 'NONE' },
    },
    { name: 'all strict', asked: { tools: [tool('a', strict), tool('b', strict)] }, calling: { mode: 'VALIDATED' } },
    { name: 'some strict', asked: { tools: [tool('a', strict), b] }, lost: ['L27 tools.0.strict'] },
    {
      name: 'strict and forced, which is as strict',
      asked: { tools: [tool('a', strict), b], toolChoice: { mode: 'required' } },
      calling: { mode: 'ANY' },
    },
    { name: 'one at a time', asked: { tools: [a], parallelTools: false }, lost: ['L24 parallelTools'] },
    { name: 'one at a time, of nothing', asked: { parallelTools: false } },
  ])('$name', ({ asked, calling, lost = [] }) => {
    const told = written(asked);
    expect([told.calling, told.lost]).toEqual([calling, lost]);
  });
});

describe('tools of a vendor', () => {
  it.each<{
    name: string;
    tools: GenerateRequest['tools'];
    model?: string;
    wire: readonly object[];
    lost?: readonly string[];
  }>([
    { name: 'a search', tools: [search], wire: [{ googleSearch: {} }] },
    {
      name: 'a search that may not look everywhere',
      tools: [{ ...search, search: { allowedDomains: ['a.example'], usesMax: 3 } }],
      wire: [{ googleSearch: {} }],
      lost: ['L70 tools.0.search.allowedDomains', 'L87 tools.0.search.usesMax'],
    },
    {
      name: 'what has no counterpart',
      tools: [
        { kind: 'hosted', name: 'code', family: 'code', runBy: 'server' },
        { kind: 'hosted', name: 'bash', family: 'other', runBy: 'client' },
      ],
      wire: [],
      lost: ['L22 tools.0', 'L23 tools.1'],
    },
    {
      name: 'a search beside functions, of an earlier model',
      tools: [a, search],
      model: 'gemini-2.5-pro',
      wire: [{ functionDeclarations: [{ name: 'a' }] }],
      lost: ['L22 tools.1'],
    },
    {
      name: 'a free-form tool',
      tools: [{ kind: 'custom', name: 'exec', grammar: { syntax: 'lark' } }],
      wire: [
        {
          functionDeclarations: [
            {
              name: 'exec',
              parametersJsonSchema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
            },
          ],
        },
      ],
      lost: ['L21 tools.0'],
    },
    {
      name: 'a schema for a model that knows the OpenAPI subset',
      tools: [
        tool('a', {
          parameters: { type: 'object', properties: { x: { type: ['string', 'null'] } }, additionalProperties: false },
        }),
        tool('b', { parameters: { type: 'object', properties: {} } }),
      ],
      model: 'gemini-2.0-flash',
      wire: [
        {
          functionDeclarations: [
            { name: 'a', parameters: { type: 'OBJECT', properties: { x: { type: 'STRING', nullable: true } } } },
            { name: 'b' },
          ],
        },
      ],
    },
  ])('$name', ({ tools, model, wire, lost = [] }) => {
    const told = written({ tools }, model);
    expect(told.wire).toMatchObject(wire);
    expect([told.wire.length, told.lost.filter((loss) => !loss.startsWith('L51'))]).toEqual([wire.length, lost]);
  });

  it('keep what a schema cannot say in its description', () => {
    const parameters = { type: 'object', properties: { x: { type: 'string', pattern: '^a+$' } } };
    const { wire, lost } = written({ tools: [tool('a', { parameters })] });
    expect(lost).toEqual(['L51 tools.0.parameters']);
    expect(JSON.stringify(wire)).toContain('^a+$');
  });
});

describe('a name this wire does not take', () => {
  it.each(['1password', '日本.search', 'a b', 'x'.repeat(200)])('is given one that it takes: %s', (name) => {
    const rule = geminiGenerate.names.tool;
    const given = givenName(name, rule, () => false);
    expect(given).toMatch(rule.pattern);
    expect(given.length).toBeLessThanOrEqual(rule.lengthMax);
    expect(givenName(name, rule, (taken) => taken === given)).not.toBe(given);
  });
});
