import type { GenerateRequest, Part, Turn } from '@bytespike/ir';
import type { JsonObject, JsonValue } from '@bytespike/kernel';

import { translatable } from '../translation/translatable.js';
import { geminiGenerate } from './index.js';

const wire = translatable(geminiGenerate);

const user = (...parts: readonly Part[]): Turn => ({ role: 'user', form: 'parts', parts });
const model = (...parts: readonly Part[]): Turn => ({ role: 'assistant', form: 'parts', parts });
const text = (said: string): Part => ({ type: 'text', text: said });
const call = (id: string, name = 'look'): Part => ({
  type: 'tool-call',
  kind: 'function',
  id,
  name,
  argumentsText: '{}',
});
const result = (callId: string, said = callId): Part => ({
  ...{ type: 'tool-result', callId, form: 'string', content: [{ type: 'text', text: said }] },
});
const state = (data: string, kind: 'thought-signature' | 'text-signature', vendor = 'google'): Part => ({
  ...{ type: 'reasoning', visibility: 'redacted', segments: [] },
  capsules: [{ origin: { protocol: 'gemini-generate', vendor }, kind, data }],
});

function written(turns: readonly Turn[], upstreamModel = 'gemini-3.1-pro') {
  const request: GenerateRequest = { model: upstreamModel, stream: false, system: [], tools: [], turns };
  const { wire: body, losses } = wire.writeRequest(request, { vendor: 'google' });
  const contents = body['contents'] as readonly { role: string; parts: readonly Record<string, unknown>[] }[];
  return { contents, lost: losses.map(({ code, path }) => `${code} ${path}`) };
}

const BYPASS = 'skip_thought_signature_validator';

describe('a step of tools', () => {
  it('has its responses in one content directly behind its calls, in their order, and other words after them', () => {
    const { contents } = written([
      user(text('Go.')),
      model(call('1'), call('2', 'find')),
      user(text('Wait.'), result('2')),
      { ...user(result('1')), role: 'tool' },
      { ...user(text('Hurry.')), role: 'developer' },
    ]);
    const response = (id: string, name: string) => ({ functionResponse: { id, name, response: { output: id } } });
    expect(contents.slice(2)).toEqual([
      { role: 'user', parts: [response('1', 'look'), response('2', 'find')] },
      { role: 'user', parts: [text('Wait.')].map(() => ({ text: 'Wait.' })) },
      { role: 'user', parts: [{ text: '<system>\nHurry.\n</system>' }] },
    ]);
  });

  it('that was told in several turns is one content, signed once', () => {
    const { contents, lost } = written([
      user(text('Go.')),
      model(call('1')),
      model(call('2')),
      user(result('1'), result('2')),
    ]);
    expect(contents[1]?.parts.map(({ thoughtSignature }) => thoughtSignature)).toEqual([BYPASS, undefined]);
    expect(lost).toEqual(['L41 turns.1']);
  });

  it('carries the word for a missing signature on its first call alone, in every step', () => {
    const { contents, lost } = written([
      ...[user(text('Go.')), model(text('Hm.'), call('1'), call('2')), user(result('1'), result('2'))],
      ...[model(state('c2ln', 'thought-signature'), call('3'), call('4')), user(result('3'), result('4'))],
      ...[model(call('5')), user(result('5'))],
    ]);
    const signatures = contents.flatMap(({ parts }) =>
      parts.flatMap(({ functionCall, thoughtSignature }) => (functionCall === undefined ? [] : [thoughtSignature])),
    );
    expect(signatures).toEqual([BYPASS, undefined, 'c2ln', undefined, BYPASS]);
    expect(lost).toEqual(['L41 turns.1', 'L41 turns.5']);
  });

  it('needs no word for models that ask for no signatures', () => {
    const { contents, lost } = written([user(text('Go.')), model(call('1')), user(result('1'))], 'gemini-2.5-flash');
    expect(JSON.stringify(contents)).not.toContain(BYPASS);
    expect(lost).toEqual([]);
  });

  it('puts media where the generation reads it', () => {
    const image = {
      type: 'media',
      kind: 'image',
      source: { type: 'inline', mediaType: 'image/png', base64: 'AAAA' },
    } as const;
    const seen: Part = { type: 'tool-result', callId: '1', form: 'parts', content: [image] };
    const turns = [user(text('Go.')), model(call('1')), user(seen)];
    expect(written(turns).contents[2]?.parts).toEqual([
      {
        functionResponse: {
          ...{ id: '1', name: 'look', response: {} },
          parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
        },
      },
    ]);
    const earlier = written(turns, 'gemini-2.5-flash');
    expect(earlier.contents.slice(2)).toEqual([
      { role: 'user', parts: [{ functionResponse: { id: '1', name: 'look', response: {} } }] },
      {
        role: 'user',
        parts: [
          { text: 'Media returned by the call of look:' },
          { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
        ],
      },
    ]);
    expect(earlier.lost).toEqual(['L30 turns.2.parts.0']);
  });

  it('tells a failure under the vendor’s own word', () => {
    const failed: Part = {
      type: 'tool-result',
      callId: '1',
      form: 'string',
      isError: true,
      content: [{ type: 'text', text: 'no' }],
    };
    const { contents } = written([user(text('Go.')), model(call('1')), user(failed)]);
    expect(contents[2]?.parts[0]).toMatchObject({ functionResponse: { response: { error: 'no' } } });
  });
});

describe('state', () => {
  it('goes back to the part it came from, and another vendor’s stays behind', () => {
    const { contents, lost } = written([
      user(text('Go.')),
      model(
        ...[text('Hm.'), state('dGV4dA==', 'text-signature'), state('b3RoZXI=', 'thought-signature', 'vertex')],
        ...[state('Y2FsbA==', 'thought-signature'), call('1')],
      ),
      user(result('1')),
    ]);
    expect(contents[1]?.parts).toEqual([
      { text: 'Hm.' },
      { text: '', thoughtSignature: 'dGV4dA==' },
      { functionCall: { id: '1', name: 'look', args: {} }, thoughtSignature: 'Y2FsbA==' },
    ]);
    expect(lost).toEqual(['L40 turns.1.parts.2']);
  });

  it('whose call did not come keeps its place', () => {
    const { contents } = written([
      user(text('Go.')),
      model(state('c2ln', 'thought-signature'), text('No.')),
      user(text('?')),
    ]);
    expect(contents[1]?.parts).toEqual([{ text: '', thoughtSignature: 'c2ln' }, { text: 'No.' }]);
  });

  it('of ours is read from base64 in either alphabet, and a word that stands in for a signature is none', () => {
    const sealed = 'gwc1.eyJwcm90b2NvbCI6Im9wZW5haSJ9.m-_c?';
    const base64 = Buffer.from(sealed).toString('base64');
    const read = (thoughtSignature: string): readonly Part[] => {
      const contents = [{ role: 'model', parts: [{ functionCall: { name: 'look' }, thoughtSignature }] }];
      return wire.readRequest({ contents } as JsonValue).turns[0]?.parts ?? [];
    };
    const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    for (const signature of [base64, urlSafe])
      expect(read(signature)[0]).toMatchObject({ capsules: [{ data: sealed }] });
    expect(read('Z3djMS4=')[0]).toMatchObject({ capsules: [{ data: 'gwc1.' }] });
    expect(read('Z3djMS')[0]).toMatchObject({ capsules: [{ data: 'Z3djMS' }] });
    expect(read(BYPASS).map(({ type }) => type)).toEqual(['tool-call']);
  });

  it('of thoughts that came in pieces of a stream is one thought again', () => {
    const thought = (said: string, thoughtSignature?: string) => ({
      text: said,
      thought: true,
      ...(thoughtSignature && { thoughtSignature }),
    });
    const parts = [thought('a'), thought('b'), thought('', 'c2ln'), thought('c'), { text: 'Said.' }];
    const read = wire.readRequest({ contents: [{ role: 'model', parts }] }).turns[0]?.parts ?? [];
    expect(
      read.map((part) => (part.type === 'reasoning' ? [part.segments, part.capsules?.[0]?.data] : part.type)),
    ).toEqual([[['ab'], 'c2ln'], [['c'], ''], 'text']);
  });
});

describe('results without ids', () => {
  const calls = { role: 'model', parts: ['look', 'find', 'look'].map((name) => ({ functionCall: { name } })) };
  const answers = (...names: readonly string[]) =>
    names.map((name) => ({ role: 'user', parts: [{ functionResponse: { name } }] }));
  const idsOf = (contents: readonly JsonObject[]) =>
    wire
      .readRequest({ contents })
      .turns.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-result' ? [part.callId] : [])));

  it('are matched by name and order, over several contents', () => {
    expect(idsOf([calls, ...answers('look', 'look', 'find')])).toEqual(['call_0_0', 'call_0_2', 'call_0_1']);
  });

  it('belong to the last step only', () => {
    expect(idsOf([calls, ...answers('look'), calls, ...answers('look')])).toEqual(['call_0_0', 'call_2_0']);
  });

  it('that answer nothing are told apart', () => {
    expect(idsOf([...answers('look'), calls, ...answers('sing')])).toEqual(['unmatched_0_0', 'unmatched_2_0']);
  });
});

describe('results with ids', () => {
  const call = (id: string) => ({ functionCall: { id, name: 'look' } });
  const result = (id: string, output: string) => ({ functionResponse: { id, name: 'look', response: { output } } });
  const answered = (...parts: readonly JsonObject[]) =>
    wire.readRequest({
      contents: [
        { role: 'model', parts: [call('1'), call('2')] },
        { role: 'user', parts: [...parts] },
      ],
    }).turns[1];

  it('are taken once where a resumed session repeats them, and the repetition goes to no vendor', () => {
    const once = [result('1', 'a'), result('2', 'b')];
    const turn = answered(...once, ...once);
    expect(turn?.parts.map((part) => part.type === 'tool-result' && part.callId)).toEqual(['1', '2']);
    expect(turn?.raw).toBeUndefined();
  });

  it('are all kept where they differ', () => {
    expect(answered(result('1', 'a'), result('2', 'b'), result('2', 'c'))?.parts).toHaveLength(3);
  });
});

describe('a loss in words of the body', () => {
  const { turns, tools } = wire.readRequest({
    contents: [
      { parts: [{ text: 'Go.' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { name: 'a' }, thoughtSignature: 'c2ln' },
          { text: 'Hm.', thoughtSignature: 'c2ln' },
          { text: 'So.' },
        ],
      },
    ],
    tools: [{ googleSearch: {} }, { functionDeclarations: [{ name: 'a' }, { name: 'b' }] }],
  });
  const asked: GenerateRequest = { model: '', stream: false, system: [], turns, tools };

  it.each([
    { path: 'turns.0.parts.0', told: 'contents.0.parts.0' },
    { path: 'turns.1.parts.0', told: 'contents.1.parts.0' },
    { path: 'turns.1.parts.1', told: 'contents.1.parts.0' },
    { path: 'turns.1.parts.3', told: 'contents.1.parts.1' },
    { path: 'turns.1.parts.4', told: 'contents.1.parts.2' },
    { path: 'turns.1', told: 'contents.1' },
    { path: 'turns.0.parts.0.detail', told: 'contents.0.parts.0.mediaResolution' },
    { path: 'turns.0.parts.0.is_error', told: 'contents.0.parts.0.functionResponse.response.error' },
    { path: 'turns.0.parts.0.content.1', told: 'contents.0.parts.0.functionResponse.parts.1' },
    { path: 'tools.1.strict', told: 'toolConfig.functionCallingConfig.mode' },
    { path: 'system.0', told: 'systemInstruction' },
    { path: 'tools.0.search.blockedDomains', told: 'tools.googleSearch.excludeDomains' },
    { path: 'tools.2.parameters', told: 'tools.functionDeclarations.1.parameters' },
  ])('$path is $told', ({ path, told }) => {
    expect(wire.place(path, asked)).toBe(told);
  });
});
