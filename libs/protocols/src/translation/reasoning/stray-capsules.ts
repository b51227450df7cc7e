import type { GenerateRequest, Loss } from '@bytespike/ir';

import { CAPSULE_MARKS, CAPSULE_PREFIX_BASE64 } from '../../capsule-marks.js';

/** A capsule, whole or cut, wherever it stands; its characters need no escape in JSON. */
const CAPSULE = /gwc1\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)?/g;

const CAPSULE_BASE64 = new RegExp(`${CAPSULE_PREFIX_BASE64}[A-Za-z0-9+/=_-]*`, 'g');

const holdsOne = (text: string): boolean => CAPSULE_MARKS.some((mark) => text.includes(mark));

/**
 * A vendor's body without capsules of ours. Those in the slots of clients have been opened; one that was copied to
 * where no wire keeps state (a text, a field nobody models) is cut out and told, for no vendor may see it.
 */
export function withoutStrays(
  body: string,
  request: GenerateRequest,
): { readonly body: string; readonly losses: readonly Loss[] } {
  if (!holdsOne(body)) return { body, losses: [] };
  const nodes = [
    ...request.system.map((node, at) => [`system.${at}`, node] as const),
    ...request.tools.map((node, at) => [`tools.${at}`, node] as const),
    ...request.turns.flatMap(({ parts }, turn) =>
      parts.map((node, at) => [`turns.${turn}.parts.${at}`, node] as const),
    ),
  ];
  const losses = nodes.flatMap(([path, node]): Loss[] =>
    holdsOne(JSON.stringify(node)) ? [{ code: 'L40', path, effect: 'dropped' }] : [],
  );
  return {
    body: body.replace(CAPSULE, '').replace(CAPSULE_BASE64, ''),
    losses: losses.length > 0 ? losses : [{ code: 'L40', path: 'body', effect: 'dropped' }],
  };
}
