import { LRUCache } from 'lru-cache';
import { createPromptCache } from '../cache/prompt-cache.js';
import type { Memory } from './memory.js';

const OBJECTS_MAX = 10_000;

export const createMemory = (): Memory => {
  const objects = new LRUCache<string, { readonly value: unknown }>({ max: OBJECTS_MAX });
  return {
    promptCache: createPromptCache(),
    objects: {
      get: (id) => objects.get(id)?.value,
      set: (id, value) => {
        objects.set(id, { value });
      },
    },
  };
};
