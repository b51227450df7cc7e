import type { ErrorKind } from '@bytespike/kernel';

import { mediaErrors } from './media-errors.js';

const WHERE = ['Input', 'Output', ''] as const;
const WHAT = ['Text', 'Image', 'Video', 'Audio', ''] as const;
const HOW = [
  'SensitiveContentDetected',
  'SensitiveContentDetected.PolicyViolation',
  'SensitiveContentDetected.PrivacyInformation',
  'SensitiveContentDetected.SevereViolation',
  'RiskDetection',
] as const;

/** The vendor has a code for every place and kind of content that its rules refused. */
const BLOCKED: Readonly<Record<string, ErrorKind>> = Object.fromEntries(
  WHERE.flatMap((where) => WHAT.flatMap((what) => HOW.map((how) => [`${where}${what}${how}`, 'upstream-blocked']))),
);

/** Ark's errors, which its two media wires share. */
export const arkErrors = mediaErrors('openai-chat', {
  ...BLOCKED,
  AccountOverdueError: 'upstream-quota',
  QuotaExceeded: 'upstream-quota',
  SetLimitExceeded: 'upstream-quota',
  AuthenticationError: 'upstream-credential',
  AccessDenied: 'upstream-credential',
  ModelNotOpen: 'upstream-model-gone',
  'InvalidEndpointOrModel.NotFound': 'upstream-model-gone',
  ServerOverloaded: 'upstream-transient',
  InternalServiceError: 'upstream-transient',
  RateLimitExceeded: 'upstream-rate-limited',
  'RateLimitExceeded.EndpointRPMExceeded': 'upstream-rate-limited',
  InvalidParameter: 'upstream-refused',
  MissingParameter: 'upstream-refused',
});
