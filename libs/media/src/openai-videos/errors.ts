import { mediaErrors } from '../wire/media-errors.js';

export const errors = mediaErrors('openai-chat', {
  moderation_blocked: 'upstream-blocked',
  content_policy_violation: 'upstream-blocked',
  sentinel_block: 'upstream-blocked',
  billing_hard_limit_reached: 'upstream-quota',
});
