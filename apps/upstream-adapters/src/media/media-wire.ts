import { findVendor, type AuthScheme, type MediaChannel } from '@bytespike/catalog';
import type { MediaTarget } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import {
  IMAGE_VENDORS,
  imageWire,
  VIDEO_VENDORS,
  videoWire,
  type ImageVendor,
  type MediaVendor,
  type VideoVendor,
} from '@bytespike/media';

import type { ChannelDirectory } from '../channel-directory.js';

/** Everything about a target's wire but how a request is written in it. */
export type WireFacts = MediaVendor<never>;

/** The wire on which a target's films are asked for. */
export function filmVendor(target: MediaTarget): VideoVendor {
  const wire = videoWire(target);
  if (wire === undefined) throw new GatewayError('internal', `${target.vendor} makes no films`);
  return VIDEO_VENDORS[wire];
}

/** The wire on which a target's pictures are asked for. */
export function pictureVendor(target: MediaTarget): ImageVendor {
  const wire = imageWire(target);
  if (wire === undefined) throw new GatewayError('internal', `${target.vendor} makes no pictures`);
  return IMAGE_VENDORS[wire];
}

export const wireFacts = (target: MediaTarget): WireFacts =>
  target.kind === 'video' ? filmVendor(target) : pictureVendor(target);

/** Where a target is reached, and how its credential travels. */
export interface Destination {
  readonly target: MediaTarget;
  readonly channel: MediaChannel;
  readonly auth: AuthScheme;
}

/** Throws `unavailable` for a channel that the catalogue in use lacks. */
export function destinationOf(target: MediaTarget, channels: ChannelDirectory): Destination {
  const channel = channels.mediaChannel(target.channelId);
  const vendor = findVendor(channel.vendor);
  if (vendor === undefined) throw new GatewayError('internal', `the vendor table has no ${channel.vendor}`);
  return { target, channel, auth: vendor.auth };
}
