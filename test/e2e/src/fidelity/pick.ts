/** Every value at a path such as `messages.*.content.*.text`; a star stands for each element of a list. */
export function pickAll(value: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [value];
  for (const key of path === '' ? [] : path.split('.'))
    found = found.flatMap((one): readonly unknown[] => {
      if (key === '*') return Array.isArray(one) ? one : [];
      const held = typeof one === 'object' && one !== null ? (one as Record<string, unknown>)[key] : undefined;
      return held === undefined ? [] : [held];
    });
  return found;
}

export const pick = (value: unknown, path: string): unknown => pickAll(value, path)[0];

export const textAt = (value: unknown, path: string): string =>
  pickAll(value, path)
    .filter((one) => typeof one === 'string')
    .join('');

export const numberAt = (value: unknown, path: string): number => {
  const found = pick(value, path);
  return typeof found === 'number' ? found : 0;
};

/** A string, or a list of parts with a `text`: what most dialects allow of content. */
export const contentText = (content: unknown): string =>
  typeof content === 'string' ? content : textAt(content, '*.text');

export const wordAt = (value: unknown, path: string): string | undefined => {
  const found = pick(value, path);
  return typeof found === 'string' ? found : undefined;
};

/** A piece of a text by code points, which is how OpenAI counts what it cites. */
export const sliceCodePoints = (text: string, from: number, to: number): string =>
  Array.from(text).slice(from, to).join('');

/** Arguments are a JSON text in some dialects and an object in others. */
export const asValue = (input: unknown): unknown =>
  typeof input === 'string' ? (JSON.parse(input) as unknown) : input;
