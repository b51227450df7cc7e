export { carriesGoogleKey, readCredential } from './credential-carriers.js';
export { digestKey, maskKey } from './key-digest.js';
export { INFERENCE_KEY_PREFIX, isManagementKey, MANAGEMENT_KEY_PREFIX, OPERATOR_TOKEN_PREFIX } from './key-prefixes.js';
export { deriveKey, readSealingKey, seal, sealBytes, unseal, unsealBytes } from './sealing.js';
