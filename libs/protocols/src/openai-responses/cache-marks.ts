import type { CacheMark, GenerateRequest, Part } from '@bytespike/ir';

import type { LossList } from '../losses.js';

/** As many points of a prompt as may be marked (protocols 2.12). */
const MARKS_MAX = 4;

/** The lifetimes this wire knows, each the nearest that is not shorter; the shortest is inherited. */
const LIFETIME = { '5m': undefined, '30m': '30m', '1h': '12h', '12h': '12h' } as const;

type Breakpoint = { readonly mode: 'explicit'; readonly ttl?: '30m' | '12h' };

/** Writes cache marks where they can stand, and tells of those that cannot. */
export interface CacheMarks {
  /** A mark on a part that can bear one. */
  on(part: { readonly cache?: CacheMark }, path: string): { prompt_cache_breakpoint?: Breakpoint };
  /** A mark on something that cannot. */
  lost(part: { readonly cache?: CacheMark }, path: string): void;
}

/** Marks that are too many are left out from the first one on: the last ones cover them. */
export function createCacheMarks(
  request: Pick<GenerateRequest, 'system' | 'turns'>,
  support: 'send' | 'drop',
  losses: LossList,
): CacheMarks {
  let surplus = markedParts(request).length - MARKS_MAX;
  const lost: CacheMarks['lost'] = ({ cache }, path) => {
    if (cache) losses.drop('L83', `${path}.cache_control`);
  };
  return {
    lost,
    on: (part, path) => {
      if (!part.cache) return {};
      surplus -= 1;
      if (support === 'drop' || surplus >= 0) {
        lost(part, path);
        return {};
      }
      const { ttl } = part.cache;
      const lifetime = ttl && LIFETIME[ttl];
      if (ttl !== lifetime) losses.approximate('L83', `${path}.cache_control`);
      return { prompt_cache_breakpoint: { mode: 'explicit', ...(lifetime && { ttl: lifetime }) } };
    },
  };
}

function markedParts({ system, turns }: Pick<GenerateRequest, 'system' | 'turns'>): readonly object[] {
  const said: readonly Part[] = turns.flatMap(({ role, parts }) => (role === 'assistant' ? [] : parts));
  return [...system.flatMap(({ parts }) => parts), ...said].filter(({ cache }) => cache);
}
