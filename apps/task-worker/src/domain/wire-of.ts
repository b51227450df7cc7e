import type { MediaTarget } from '@bytespike/contracts';
import { assert } from '@bytespike/kernel';
import {
  IMAGE_VENDORS,
  imageWire,
  VIDEO_VENDORS,
  videoWire,
  type ImageVendor,
  type VideoVendor,
} from '@bytespike/media';

/** What is known of the wire that a target is reached by. */
export type WireFacts = Pick<VideoVendor | ImageVendor, 'status' | 'statusMany' | 'lookUp' | 'cancel' | 'assets'>;

/** The wire of a task's present target. */
export function wireOf({ targets }: { readonly targets: readonly MediaTarget[] }): WireFacts {
  const [target] = targets;
  assert(target, 'a task has a target');
  if (target.kind === 'video') {
    const wire = videoWire(target);
    assert(wire, 'films are planned where films are made');
    return VIDEO_VENDORS[wire];
  }
  const wire = imageWire(target);
  assert(wire, 'pictures are planned where pictures are made');
  return IMAGE_VENDORS[wire];
}
