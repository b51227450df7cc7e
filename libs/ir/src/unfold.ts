import type { StreamEvent } from './event.js';
import type { ResponsePart } from './part.js';
import type { GenerateResponse } from './response.js';

/** A response as the shortest stream that folds to it: one delta per text, all of it at once. */
export function unfoldResponse(response: GenerateResponse): readonly StreamEvent[] {
  const { id, model, createdAt, tier, parts, finish, usage, ...unhandled } = response;
  unhandled satisfies Record<string, never>;
  return [
    {
      type: 'response-start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(createdAt !== undefined && { createdAt }),
      ...(tier !== undefined && { tier }),
    },
    ...parts.flatMap(unfoldPart),
    ...(usage ? [{ type: 'usage', usage } as const] : []),
    { type: 'finish', finish },
    { type: 'response-end' },
  ];
}

function unfoldPart(part: ResponsePart, index: number): readonly StreamEvent[] {
  const end = { type: 'part-end', index } as const;
  switch (part.type) {
    case 'text': {
      const { type, phase } = part;
      return [
        { type: 'part-start', index, part: { type, ...(phase !== undefined && { phase }) } },
        ...(part.citations ?? []).map((citation) => ({ type: 'citation', index, citation }) as const),
        ...(part.text === '' ? [] : [{ type: 'text-delta', index, text: part.text } as const]),
        end,
      ];
    }
    case 'refusal':
      return [
        { type: 'part-start', index, part: { type: 'refusal' } },
        { type: 'text-delta', index, text: part.text },
        end,
      ];
    case 'reasoning': {
      const { type, visibility, itemId } = part;
      return [
        { type: 'part-start', index, part: { type, visibility, ...(itemId !== undefined && { itemId }) } },
        ...part.segments.map((text, segment) => ({ type: 'reasoning-delta', index, segment, text }) as const),
        ...(part.capsules ?? []).map((capsule) => ({ type: 'capsule', index, capsule }) as const),
        end,
      ];
    }
    case 'tool-call': {
      const { type, id, name, kind, namespace } = part;
      return [
        { type: 'part-start', index, part: { type, id, name, kind, ...(namespace !== undefined && { namespace }) } },
        ...(part.argumentsText === '' ? [] : [{ type: 'arguments-delta', index, text: part.argumentsText } as const]),
        ...(part.capsules ?? []).map((capsule) => ({ type: 'capsule', index, capsule }) as const),
        end,
      ];
    }
    case 'media':
    case 'server-tool-call':
    case 'server-tool-result':
    case 'opaque':
      return [{ type: 'part-whole', index, part }];
  }
}
