import { createKey, GROUPS, newCustomer, setCaps, type Customer, type KeyCaps } from './accounts.js';
import { usd } from './bursts.js';

/** Somebody whose only limit is the one in question, at so many nano-USD. */
export type Limited = (amount: bigint) => Promise<Customer>;

export const byWallet: Limited = (amount) => newCustomer(usd(amount));

export const byKey =
  (cap: keyof KeyCaps): Limited =>
  async (amount) => {
    const customer = await newCustomer('100.00');
    return { ...customer, key: await createKey(customer.management, GROUPS.default, { [cap]: usd(amount) }) };
  };

/** Of all that an account's keys spend in a day. */
export const byDayOfAccount: Limited = async (amount) => {
  const customer = await newCustomer('100.00');
  await setCaps(customer.accountId, [{ subject: 'account', span: '1d', amount_usd: usd(amount) }]);
  return customer;
};
