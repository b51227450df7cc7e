/** How each kind of secret begins: carriers and people tell them apart by it. */
export const INFERENCE_KEY_PREFIX = 'sk-byts-';
export const MANAGEMENT_KEY_PREFIX = 'sk-mgmt-byts-';
export const OPERATOR_TOKEN_PREFIX = 'op-byts-';

/** Whether a secret manages an account, so that it is never taken for an inference key. */
export const isManagementKey = (secret: string): boolean => secret.startsWith(MANAGEMENT_KEY_PREFIX);
