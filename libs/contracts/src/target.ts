import { PROTOCOL_NAMES } from '@bytespike/kernel';
import { z } from 'zod';

export const Protocol = z.enum(PROTOCOL_NAMES);

/** The two doors for pictures and films: at once, and later. */
export const MediaSurface = z.enum(['images', 'tasks']);
export type MediaSurface = z.output<typeof MediaSurface>;

/** What a request came in by: a wire protocol, or one of the doors for pictures and films. */
export const Surface = z.enum([...PROTOCOL_NAMES, ...MediaSurface.options]);
export type Surface = z.output<typeof Surface>;

/** What a caller wants done. `count` is free and never streams. */
export const Operation = z.enum(['generate', 'count']);
export type Operation = z.output<typeof Operation>;

/** A channel and the upstream model the router picked, with all that the adapter needs to know of it. */
export const Target = z.object({
  channelId: z.string(),
  /** Compatibility profile and authentication scheme, by name (`anthropic`, `deepseek`). */
  vendor: z.string(),
  /** The catalogue's id of the model. */
  model: z.string(),
  /** The vendor's name of it, as sent on the wire. */
  upstreamModel: z.string(),
  /** The language this channel speaks. */
  protocol: Protocol,
  lane: z.enum(['raw', 'ir']),
  priceVersion: z.string(),
});
export type Target = z.output<typeof Target>;

export const MediaKind = z.enum(['image', 'video']);
export type MediaKind = z.output<typeof MediaKind>;

/** The same for pictures and films; which wire its vendor speaks follows from the model (libs/media). */
export const MediaTarget = Target.omit({ protocol: true, lane: true }).extend({ kind: MediaKind });
export type MediaTarget = z.output<typeof MediaTarget>;
