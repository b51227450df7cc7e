import {
  foldStream,
  unfoldResponse,
  type GenerateRequest,
  type GenerateResponse,
  type ToolDefinition,
} from '@bytespike/ir';

import { fitTools, type ToolRules } from './tool-forms.js';

const rules: ToolRules = {
  rule: { pattern: /^[A-Za-z0-9_-]+$/, lengthMax: 24 },
  custom: 'wrap',
  namespaces: 'flatten',
};

const request = (tools: readonly ToolDefinition[], more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  ...{ model: 'm', stream: false, system: [], turns: [], tools },
  ...more,
});
const tool = (name: string, namespace?: string): ToolDefinition => ({
  ...{ kind: 'function', name, parameters: { type: 'object' } },
  ...(namespace !== undefined && { namespace }),
});
const patch: ToolDefinition = {
  ...{ kind: 'custom', name: 'apply_patch', description: 'Edits files.' },
  grammar: { type: 'grammar', syntax: 'lark', definition: 'start: hunk+' },
};
const calling = (name: string, argumentsText: string): GenerateResponse => ({
  parts: [{ type: 'tool-call', id: 'c1', name, kind: 'function', argumentsText }],
  finish: { reason: 'tool-calls' },
});
const seen = (fitted: ReturnType<typeof fitTools>, response: GenerateResponse) =>
  foldStream(unfoldResponse(response).flatMap(fitted.restore())).parts;

describe('tools in groups', () => {
  it('become flat, and calls of them find their group again', () => {
    const fitted = fitTools(request([tool('look', 'browser'), tool('look', 'files'), tool('look')]), rules);
    expect(fitted.request.tools.map(({ name }) => name)).toEqual(['browser__look', 'files__look', 'look']);
    expect(fitted.request.tools.some((one) => 'namespace' in one)).toBe(false);
    expect(seen(fitted, calling('files__look', '{}'))).toMatchObject([{ name: 'look', namespace: 'files' }]);
    expect(seen(fitted, calling('look', '{}'))).toEqual([
      expect.not.objectContaining({ namespace: expect.anything() }),
    ]);
  });

  it('stay apart from tools that bear the flat name, and from each other where names are cut', () => {
    const long = 'a_very_long_name_of_a_tool';
    const fitted = fitTools(request([tool('b', 'a'), tool('a__b'), tool(`${long}_1`), tool(`${long}_2`)]), rules);
    const names = fitted.request.tools.map(({ name }) => name);
    expect(names[1]).toBe('a__b');
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,24}$/);
    expect(seen(fitted, calling(names[3] ?? '', '{}'))).toMatchObject([{ name: `${long}_2` }]);
  });

  it('are kept by a target that has them', () => {
    const grouped = request([tool('look', 'browser')]);
    expect(fitTools(grouped, { ...rules, namespaces: 'send' }).request).toEqual(grouped);
  });

  it('are followed by the choice, the calls and the references of a conversation', () => {
    const { request: fitted } = fitTools(
      request([tool('look', 'browser')], {
        toolChoice: { mode: 'one', name: 'look', kind: 'function' },
        turns: [
          {
            ...{ role: 'assistant', form: 'parts' },
            parts: [
              {
                ...{ type: 'tool-call', id: 'c', name: 'look', namespace: 'browser' },
                kind: 'function',
                argumentsText: '{}',
              },
            ],
          },
          {
            ...{ role: 'tool', form: 'parts' },
            parts: [
              {
                ...{ type: 'tool-result', callId: 'c', form: 'parts' },
                content: [{ type: 'tool-reference', name: 'look' }],
              },
            ],
          },
        ],
      }),
      rules,
    );
    expect(fitted.toolChoice).toMatchObject({ name: 'browser__look' });
    expect(fitted.turns.map(({ parts }) => parts[0])).toEqual([
      { type: 'tool-call', id: 'c', name: 'browser__look', kind: 'function', argumentsText: '{}' },
      expect.objectContaining({ content: [{ type: 'tool-reference', name: 'browser__look' }] }),
    ]);
  });
});

describe('a free-form tool', () => {
  const spoken = { role: 'assistant', form: 'parts' } as const;
  const fitted = fitTools(
    request([patch], {
      toolChoice: { mode: 'one', name: 'apply_patch', kind: 'custom' },
      turns: [
        {
          ...spoken,
          parts: [{ type: 'tool-call', id: 'c', name: 'apply_patch', kind: 'custom', argumentsText: '*** "x"' }],
        },
      ],
    }),
    rules,
  );

  it('is offered as a function of one string, its grammar told in words', () => {
    expect(fitted.request.tools).toEqual([
      expect.objectContaining({
        ...{ kind: 'function', name: 'apply_patch' },
        description: 'Edits files.\n\nThe input follows this grammar:\nstart: hunk+',
        parameters: expect.objectContaining({ required: ['input'] }),
      }),
    ]);
    expect(fitted.request.toolChoice).toEqual({ mode: 'one', name: 'apply_patch', kind: 'function' });
    expect(fitted.losses).toEqual([{ code: 'L21', path: 'tools.0', effect: 'approximated' }]);
  });

  it('was called with its text wrapped, and is called with it unwrapped', () => {
    expect(fitted.request.turns[0]?.parts[0]).toMatchObject({
      kind: 'function',
      argumentsText: '{"input":"*** \\"x\\""}',
    });
    expect(seen(fitted, calling('apply_patch', '{"input":"*** \\"y\\""}'))).toMatchObject([
      { kind: 'custom', name: 'apply_patch', argumentsText: '*** "y"' },
    ]);
  });

  it('is left alone for a target that has it', () => {
    const same = request([patch]);
    expect(fitTools(same, { ...rules, custom: 'send' })).toMatchObject({ request: same, losses: [] });
  });
});
