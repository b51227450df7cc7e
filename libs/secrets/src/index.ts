export { digestKey, maskKey } from './key-digest.js';
export { readSealingKey, seal, unseal } from './sealing.js';
