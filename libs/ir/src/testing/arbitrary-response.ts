import { USAGE_CLASSES } from '@bytespike/kernel';
import fc from 'fast-check';

import type { StreamEvent } from '../event.js';
import { FINISH_REASONS } from '../finish.js';
import type { ResponsePart } from '../part.js';
import type { GenerateResponse } from '../response.js';
import { unfoldResponse } from '../unfold.js';

const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((chosen) => (chosen === undefined ? {} : { [key]: chosen }));

const merged = <T>(...pieces: readonly fc.Arbitrary<object>[]): fc.Arbitrary<T> =>
  fc.tuple(...pieces).map((chosen) => Object.assign({}, ...chosen) as T);

const capsule = fc.record({
  origin: fc.record({ protocol: fc.constantFrom('anthropic-messages' as const, 'openai-chat' as const) }),
  kind: fc.constantFrom('signature' as const, 'plain-reasoning' as const),
  data: fc.string(),
});
const capsules = optional('capsules', fc.array(capsule, { minLength: 1, maxLength: 2 }));
const citation = fc.record({ url: fc.webUrl(), title: fc.string() });

const part: fc.Arbitrary<ResponsePart> = fc.oneof(
  merged<ResponsePart>(
    fc.record({ type: fc.constant('text'), text: fc.string() }),
    optional('citations', fc.array(citation, { minLength: 1, maxLength: 2 })),
  ),
  fc.record({ type: fc.constant('refusal' as const), text: fc.string() }),
  merged<ResponsePart>(
    fc.record({
      type: fc.constant('reasoning'),
      visibility: fc.constantFrom('full', 'summary', 'redacted'),
      segments: fc.array(fc.string(), { maxLength: 3 }),
    }),
    capsules,
  ),
  merged<ResponsePart>(
    fc.record({
      type: fc.constant('tool-call'),
      id: fc.uuid(),
      name: fc.string({ minLength: 1 }),
      kind: fc.constantFrom('function', 'custom'),
      argumentsText: fc.oneof(fc.json(), fc.string()),
    }),
    optional('namespace', fc.string()),
    capsules,
  ),
  fc.record({
    type: fc.constant('opaque' as const),
    protocol: fc.constant('anthropic-messages' as const),
    data: fc.record({ type: fc.constant('mcp_tool_use'), note: fc.string() }),
  }),
);

const finish = merged<GenerateResponse['finish']>(
  fc.record({ reason: fc.constantFrom(...FINISH_REASONS) }),
  optional('raw', fc.string()),
  optional('stopSequence', fc.string()),
);

const usage = fc.dictionary(fc.constantFrom(...USAGE_CLASSES), fc.nat(), { noNullPrototype: true });

/** Any response a model could give. */
export const arbitraryResponse: fc.Arbitrary<GenerateResponse> = merged<GenerateResponse>(
  fc.record({ parts: fc.array(part, { maxLength: 5 }), finish }),
  optional('id', fc.uuid()),
  optional('model', fc.string()),
  optional('createdAt', fc.nat()),
  optional('tier', fc.string()),
  optional('usage', usage),
);

/** A well-formed stream whose deltas are cut at random places, with pings between them. */
export const arbitraryStream: fc.Arbitrary<readonly StreamEvent[]> = fc
  .tuple(arbitraryResponse, fc.infiniteStream(fc.nat({ max: 7 })))
  .map(([response, dice]) => unfoldResponse(response).flatMap((event) => splitDelta(event, dice.next().value ?? 0)));

function splitDelta(event: StreamEvent, roll: number): readonly StreamEvent[] {
  const pinged: readonly StreamEvent[] = roll === 0 ? [event, { type: 'ping' }] : [event];
  if (!('text' in event) || event.text.length < 2) return event.type === 'response-end' ? [event] : pinged;
  const cut = 1 + (roll % (event.text.length - 1));
  return [
    { ...event, text: event.text.slice(0, cut) },
    { ...event, text: event.text.slice(cut) },
  ];
}
