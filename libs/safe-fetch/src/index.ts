export { LOCAL_ADDRESS_RULES, PUBLIC_ADDRESS_RULES, type AddressRules } from './address-rules.js';
export { addressRules, foreignAddressEnv } from './foreign-address-env.js';
export { judgeForeignUrl } from './judge-foreign-url.js';
export { refusedStatus } from './refused.js';
export type { ResolveHost } from './resolve-host.js';
export {
  createSafeFetch,
  type ForeignBody,
  type ForeignGet,
  type ForeignPost,
  type SafeFetch,
  type SafeFetchOptions,
} from './safe-fetch.js';
