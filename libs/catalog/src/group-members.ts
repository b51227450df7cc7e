import type { Model, RoutingGroup } from './schema.js';

/** The models a group reaches, in catalogue order, whatever the protocols open. */
export function groupMembers(group: RoutingGroup, models: readonly Model[]): readonly Model[] {
  const words = new Set(group.models);
  const outside = new Set(group.except ?? []);
  return models.filter(
    ({ id, family }) => !outside.has(id) && (words.has('*') || words.has(`family:${family}`) || words.has(id)),
  );
}
