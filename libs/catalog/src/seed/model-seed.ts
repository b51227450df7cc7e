import type { UsageClass } from '@bytespike/kernel';

import type { Model, PriceVersion } from '../schema.js';

type UsdPerMillion = string;

/** What a price list prints of a text model; the other classes follow from it. */
export interface TokenPrice {
  readonly input: UsdPerMillion;
  readonly output: UsdPerMillion;
  readonly cacheRead: UsdPerMillion;
  readonly cacheWrite5m?: UsdPerMillion;
  readonly cacheWrite1h?: UsdPerMillion;
  readonly audioInput?: UsdPerMillion;
  /** USD per million calls. */
  readonly searchCalls?: UsdPerMillion;
}

export interface SeedPrice {
  readonly usdPerMillion?: PriceVersion['usdPerMillion'];
  readonly usdPerImage?: string;
  readonly usdPerSecond?: string;
  readonly status: PriceVersion['status'];
  readonly estimatedClasses?: readonly UsageClass[];
}

/** One model with what it costs and what its maker calls it. */
export interface ModelSeed {
  readonly model: Model;
  readonly upstreamModel: string;
  readonly price: SeedPrice;
}

/**
 * Every class a text model's usage can hold, so that nothing is delivered unpriced: reasoning at the output rate
 * (contract C16), cache writes at the input rate unless the vendor charges more (contract, section 8).
 */
export function tokenPrices(price: TokenPrice): PriceVersion['usdPerMillion'] {
  const { input, output, cacheRead, cacheWrite5m = input, cacheWrite1h = cacheWrite5m, audioInput = input } = price;
  return {
    input,
    cacheRead,
    cacheWrite5m,
    cacheWrite30m: cacheWrite1h,
    cacheWrite1h,
    cacheWrite12h: cacheWrite1h,
    toolInput: input,
    output,
    reasoning: output,
    imageInput: input,
    audioInput,
    ...(price.searchCalls === undefined ? {} : { searchCalls: price.searchCalls }),
  };
}

/** A price the public page prints; `estimated` names the classes it leaves open. */
export const listed = (price: TokenPrice, ...estimated: readonly UsageClass[]): SeedPrice => ({
  usdPerMillion: tokenPrices(price),
  status: 'listed',
  estimatedClasses: estimated,
});

/** A price taken from the vendor's own list because the public page has none (contract 0.5). */
export const estimate = (price: TokenPrice): SeedPrice => ({
  usdPerMillion: tokenPrices(price),
  status: 'estimate',
});

type Modality = Model['inputModalities'][number];
type Capability = Model['capabilities'][number];

/** What the text models of one maker share. */
export interface TextFamily {
  readonly family: Model['family'];
  readonly maker: string;
  readonly cells: Model['cells'];
  readonly inputModalities: readonly Modality[];
}

/** One text model, as far as it differs from its family. */
export interface TextModel {
  readonly id: string;
  readonly name: string;
  readonly upstreamModel: string;
  readonly capabilities: readonly Capability[];
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
  readonly agent?: Model['agent'];
  readonly inputModalities?: readonly Modality[];
  readonly cells?: Model['cells'];
  /** ISO date. */
  readonly created: string;
  readonly price: SeedPrice;
}

/** A maker's way of adding a text model to the catalogue. */
export const textFamily =
  (family: TextFamily) =>
  (spec: TextModel): ModelSeed => ({
    model: {
      id: spec.id,
      displayName: spec.name,
      family: family.family,
      maker: family.maker,
      kind: 'text',
      capabilities: ['text', 'streaming', ...spec.capabilities],
      contextWindow: spec.contextWindow,
      maxOutputTokens: spec.maxOutputTokens,
      inputModalities: [...(spec.inputModalities ?? family.inputModalities)],
      outputModalities: ['text'],
      cells: spec.cells ?? family.cells,
      agent: spec.agent ?? 'none',
      created: day(spec.created),
    },
    upstreamModel: spec.upstreamModel,
    price: spec.price,
  });

/** A model that makes images or film; it is sold by the piece and has no text protocol. */
export interface MediaModel {
  readonly id: string;
  readonly name: string;
  readonly upstreamModel: string;
  readonly family: Model['family'];
  readonly maker: string;
  readonly capabilities: readonly Capability[];
  /** Images stand in as references or first frames. */
  readonly inputModalities: readonly Modality[];
  readonly created: string;
  /** USD per image or per second of film. */
  readonly usd: string;
  readonly status: PriceVersion['status'];
}

const mediaModel = (spec: MediaModel, kind: 'image' | 'video', price: SeedPrice): ModelSeed => ({
  model: {
    id: spec.id,
    displayName: spec.name,
    family: spec.family,
    maker: spec.maker,
    kind,
    capabilities: [...spec.capabilities],
    contextWindow: 0,
    maxOutputTokens: 0,
    inputModalities: [...spec.inputModalities],
    outputModalities: [kind],
    cells: {},
    agent: 'none',
    created: day(spec.created),
  },
  upstreamModel: spec.upstreamModel,
  price,
});

/** A model priced per image. */
export const imageModel = (spec: MediaModel): ModelSeed =>
  mediaModel(spec, 'image', { usdPerImage: spec.usd, status: spec.status });

/** A model priced per second of output (contract C18). */
export const videoModel = (spec: MediaModel): ModelSeed =>
  mediaModel(spec, 'video', { usdPerSecond: spec.usd, status: spec.status });

const day = (isoDate: string): number => Date.parse(`${isoDate}T00:00:00Z`) / 1000;
