import { readFileSync } from 'node:fs';

import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

/** A model that one vendor's one wire serves, so that a test can name the wire it wants to be translated to. */
export interface WireModel {
  readonly id: string;
  readonly vendor: string;
  readonly protocol: ProtocolName;
  /** Below the simulator's address. */
  readonly path: string;
  readonly upstream: string;
  /** Whether it is shown images. */
  readonly sees: boolean;
}

export const WIRE_MODELS = JSON.parse(
  readFileSync(new URL('../wire-models.json', import.meta.url), 'utf8'),
) as readonly WireModel[];

/** The wire of each protocol's owner. */
export const OWNERS = {
  'anthropic-messages': wireModel('e2e-messages'),
  'openai-responses': wireModel('e2e-responses'),
  'openai-chat': wireModel('e2e-chat'),
  'gemini-generate': wireModel('e2e-gemini'),
} as const satisfies Record<ProtocolName, WireModel>;

export function wireModel(id: string): WireModel {
  const found = WIRE_MODELS.find((model) => model.id === id);
  if (!found) throw new Error(`no model ${id} in wire-models.json`);
  return found;
}

/** Client protocol by vendor protocol: all sixteen. */
export const PAIRS = PROTOCOL_NAMES.flatMap((client) => PROTOCOL_NAMES.map((vendor) => ({ client, vendor })));
