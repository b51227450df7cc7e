import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, Loss, LossCode } from '@bytespike/ir';

import { lookUp } from './look-up.js';
import { onceFor } from './once-for.js';

/** What one encoding loses, gathered as it goes. Paths are the hub's: `turns.3.parts.1`, `sampling.topK`. */
export interface LossList {
  readonly list: readonly Loss[];
  drop(code: LossCode, path: string): void;
  approximate(code: LossCode, path: string): void;
}

export function createLossList(): LossList {
  const list: Loss[] = [];
  return {
    list,
    drop: (code, path) => void list.push({ code, path, effect: 'dropped' }),
    approximate: (code, path) => void list.push({ code, path, effect: 'approximated' }),
  };
}

/** Notes every present field of `group` that has a row in `codes`: the plain case of a field without a counterpart. */
export function dropFields<T extends object>(
  losses: LossList,
  name: string,
  group: T | undefined,
  codes: Partial<Record<keyof T & string, LossCode>>,
): void {
  for (const key in group) {
    const code = codes[key];
    if (code !== undefined && group[key] !== undefined) losses.drop(code, `${name}.${key}`);
  }
}

type Codes = Readonly<Record<string, LossCode>>;

/** A wire's own fields where nobody reads them; one without a row is `L87`. */
export const unreadFields = (own: JsonObject | undefined, codes: Codes): readonly Loss[] =>
  Object.keys(own ?? {}).map((field) => ({
    code: lookUp(codes, field) ?? 'L87',
    path: `extensions.${field}`,
    effect: 'dropped',
  }));

/** Fields of a wire that the hub does not model. A look-alike that swallows one has not understood it. */
export function extrasFor(
  own: JsonObject | undefined,
  { ownFields, codes }: { readonly ownFields: 'send' | 'drop'; readonly codes: Codes },
  losses: LossList,
): JsonObject {
  if (ownFields === 'send') return own ?? {};
  for (const { code, path } of unreadFields(own, codes)) losses.drop(code, path);
  return {};
}

/** How a client spells the hub's fields: `sampling.topK` is `top_k` to one and `generationConfig.topK` to another. */
export type FieldNames = Readonly<Record<string, string>>;

/** Where a node stood in the client's own body: the turns of a request are `messages` to one and `input` to another. */
export type Place = (path: string, asked: GenerateRequest) => string;

/** How a client's body is laid out. */
export interface Layout {
  readonly fields: FieldNames;
  readonly place: Place;
}

/** Tells hub paths in the words of the body the client sent, so that a refusal names what its reader wrote. */
export const clientPaths =
  ({ fields, place }: Layout, asked: GenerateRequest): ((path: string) => string) =>
  (path) =>
    lookUp(fields, path) ?? (path.startsWith('extensions.') ? path.slice('extensions.'.length) : place(path, asked));

/** How many instructions are messages in front of the conversation, where a wire writes them so. */
export const leadingMessages = onceFor(
  (system: GenerateRequest['system']): number => system.filter(({ slot }) => slot === 'message').length,
);

/** The place of a node on wires that hold a conversation as `messages` with `content`. */
export const placeInMessages: Place = (path, { system }) => {
  const leading = leadingMessages(system);
  return path
    .replace(/^turns\.(\d+)/, (_match, turn: string) => `messages.${Number(turn) + leading}`)
    .replace(/\.parts(?=\.|$)/g, '.content');
};
