import type { TopicContract } from '@bytespike/contracts';

import type { SubscribeOptions } from './bus.js';
import { checkSubject } from './subjects.js';

/** Refuses to hear a topic otherwise than its contract says, since its stream is kept for that one way. */
export function checkDelivery(topic: TopicContract, options: SubscribeOptions): void {
  checkSubject(topic);
  if (topic.delivery === options.mode) return;
  throw new Error(
    `'${topic.subject}' is delivered by ${topic.delivery}: subscribe with mode '${topic.delivery}', or change its contract`,
  );
}
