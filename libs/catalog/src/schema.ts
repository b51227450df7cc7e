import { PIECE_CLASSES, PROTOCOL_NAMES, USAGE_CLASSES } from '@bytespike/kernel';
import { z } from 'zod';

/** How a model answers one protocol; contract 0.2 says what each word opens. */
export const Cell = z.enum(['native', 'translated', 'shim', 'planned', 'none']);
export type Cell = z.output<typeof Cell>;

export const CAPABILITIES = [
  'text',
  'vision',
  'tool_use',
  'parallel_tools',
  'streaming',
  'cache_control',
  'auto_cache',
  'thinking',
  'json_schema',
  'json_object',
  'logprobs',
  'web_search',
  'audio_in',
  'video_in',
  'image_generate',
  'image_edit',
  'video_generate',
] as const;

const FAMILIES = ['claude', 'gpt', 'gemini', 'deepseek', 'kimi', 'glm', 'minimax', 'doubao', 'other'] as const;

export const Model = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  displayName: z.string(),
  /** The coarse name the console shows (`claude`, `gpt`). */
  family: z.enum(FAMILIES),
  /** The name `?family=` filters by (`anthropic`, `openai`). */
  maker: z.string(),
  kind: z.enum(['text', 'image', 'video']),
  capabilities: z.array(z.enum(CAPABILITIES)),
  /** Zero for media models. */
  contextWindow: z.number().int().nonnegative(),
  maxOutputTokens: z.number().int().nonnegative(),
  inputModalities: z.array(z.enum(['text', 'image', 'audio', 'video', 'pdf'])),
  outputModalities: z.array(z.enum(['text', 'image', 'audio', 'video'])),
  /** One state per text protocol; a missing one is `none`. */
  cells: z.partialRecord(z.enum(PROTOCOL_NAMES), Cell),
  agent: z.enum(['none', 'eligible', 'planned']),
  /** Epoch seconds. */
  created: z.number().int(),
});
export type Model = z.output<typeof Model>;

/** Another name of a model. It serves, and the response says so in `X-Model-Alias`. */
export const Alias = z.object({ alias: z.string(), model: z.string() });
export type Alias = z.output<typeof Alias>;

/** A slug that no longer serves; the refusal names the successor. */
export const Retirement = z.object({ slug: z.string(), successor: z.string() });
export type Retirement = z.output<typeof Retirement>;

const UsdPerMillion = z.string().regex(/^\d{1,6}(\.\d{1,6})?$/);

/** Everything but pictures and seconds of film, which have a price of their own below. */
const TokenClass = z.enum(USAGE_CLASSES).exclude(PIECE_CLASSES);

const UsdPerUnit = z.string().regex(/^\d{1,4}(\.\d{1,9})?$/);

/**
 * Prices of one model from a day on. Immutable: a change is a new version. Token classes are USD per million
 * units; `searchCalls` USD per million calls; images and seconds are priced per unit.
 */
export const PriceVersion = z.object({
  id: z.string(),
  model: z.string(),
  /** ISO date. */
  effectiveFrom: z.iso.date(),
  usdPerMillion: z.partialRecord(TokenClass, UsdPerMillion),
  usdPerImage: UsdPerUnit.optional(),
  usdPerSecond: UsdPerUnit.optional(),
  /** `estimate`: from the vendor's list price, shown as such (contract 0.5). */
  status: z.enum(['listed', 'estimate']),
  /** Classes of a listed price that the page leaves open and that are estimated all the same. */
  estimatedClasses: z.array(z.enum(USAGE_CLASSES)),
});
export type PriceVersion = z.output<typeof PriceVersion>;

export const RoutingGroup = z.object({
  /** The number the public API binds a key to. */
  id: z.number().int().positive(),
  name: z.string(),
  description: z.string(),
  /** `native` serves native cells only (agents); `any` serves translated ones too. */
  fidelity: z.enum(['any', 'native']),
  /** Opens the cells the matrix leaves empty. */
  extended: z.boolean(),
  /** Needs a grant to be bound. */
  exclusive: z.boolean(),
  /** Model ids, or families as `family:claude`, or `*`. */
  models: z.array(z.string()).min(1),
  /** Model ids that the words above would include and that stay outside all the same. */
  except: z.array(z.string()).optional(),
});
export type RoutingGroup = z.output<typeof RoutingGroup>;

/** One vendor account. Its credentials are kept sealed elsewhere and are never in this document. */
export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  /** A row of the vendor table: authentication scheme, paths, compatibility profile. */
  vendor: z.string(),
  protocol: z.enum(PROTOCOL_NAMES),
  /** Base address without a trailing slash. */
  address: z.url(),
  /** Share of traffic among the channels that can serve a model. */
  weight: z.number().int().positive(),
  models: z.array(z.object({ model: z.string(), upstreamModel: z.string() })).min(1),
});
export type Channel = z.output<typeof Channel>;

/** The same for pictures and films: which wire is spoken follows from vendor and model (libs/media). */
export const MediaChannel = Channel.omit({ protocol: true });
export type MediaChannel = z.output<typeof MediaChannel>;

export const CatalogueDocument = z.object({
  models: z.array(Model),
  aliases: z.array(Alias),
  retirements: z.array(Retirement),
  prices: z.array(PriceVersion),
  groups: z.array(RoutingGroup),
  channels: z.array(Channel),
  mediaChannels: z.array(MediaChannel).default([]),
});
export type CatalogueDocument = z.output<typeof CatalogueDocument>;
