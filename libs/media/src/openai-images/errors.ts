import { mediaErrors } from '../wire/media-errors.js';

export const errors = mediaErrors('openai-chat', {
  moderation_blocked: 'upstream-blocked',
  content_policy_violation: 'upstream-blocked',
  image_generation_user_error: 'upstream-refused',
  billing_hard_limit_reached: 'upstream-quota',
});
