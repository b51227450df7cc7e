import { z } from 'zod';

import { LOCAL_ADDRESS_RULES, PUBLIC_ADDRESS_RULES, type AddressRules } from './address-rules.js';

/** Which foreign addresses a platform calls: one setting for all services that call any. */
export const foreignAddressEnv = z.object({
  FOREIGN_ADDRESSES: z
    .enum(['public', 'local'])
    .default('public')
    .describe('addresses of customers and vendors that are called: https on the public internet, or this machine too'),
});

/** The rules that the environment names. */
export const addressRules = ({ FOREIGN_ADDRESSES }: z.output<typeof foreignAddressEnv>): AddressRules =>
  FOREIGN_ADDRESSES === 'local' ? LOCAL_ADDRESS_RULES : PUBLIC_ADDRESS_RULES;
