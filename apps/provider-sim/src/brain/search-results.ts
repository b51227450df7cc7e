import type { Source } from './answer.js';

const RESULTS = 3;

/** The simulator's own small web: three pages on whatever is asked. */
export const searchResults = (query: string): readonly Source[] =>
  Array.from({ length: RESULTS }, (_, index) => {
    const slug = query
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60);
    return {
      url: `https://example.com/${slug}/${index + 1}`,
      title: `${query} (${index + 1})`,
      snippet: `Page ${index + 1} says that ${query} is well understood.`,
      age: `${index + 1} days ago`,
    };
  });
