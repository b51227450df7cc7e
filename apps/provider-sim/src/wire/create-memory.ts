import { LRUCache } from 'lru-cache';
import { createPromptCache } from '../cache/prompt-cache.js';
import type { Gates } from '../faults/gates.js';
import { createGates } from '../faults/gates.js';
import { createRenders } from '../renders/renders.js';
import type { Memory } from './memory.js';

const OBJECTS_MAX = 10_000;
/** In bytes of the bodies that brought the objects: long conversations may not fill the heap. */
const OBJECT_BYTES_MAX = 128 * 1024 * 1024;

interface Surroundings {
  readonly gates: Gates;
  readonly now: () => number;
}

export const createMemory = (surroundings: Surroundings = { gates: createGates(), now: Date.now }): Memory => {
  const objects = new LRUCache<string, { readonly value: unknown; readonly bytes: number }>({
    max: OBJECTS_MAX,
    maxSize: OBJECT_BYTES_MAX,
    sizeCalculation: ({ bytes }) => bytes,
  });
  return {
    promptCache: createPromptCache(),
    renders: createRenders(surroundings),
    objects: {
      get: (id) => objects.get(id)?.value,
      set: (id, value, bytes = 1) => {
        objects.set(id, { value, bytes: Math.max(1, bytes) });
      },
    },
  };
};
