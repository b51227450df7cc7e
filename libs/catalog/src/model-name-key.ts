/**
 * What two spellings of one model name have in common: case, and dots for dashes between digits, make no
 * difference (contract C9: `gemini-3.1-pro` is `gemini-3-1-pro`).
 */
export const modelNameKey = (name: string): string => name.toLowerCase().replace(/(?<=\d)\.(?=\d)/g, '-');
