import { callGateway, eventually, platform, running } from './platform.js';

/** A router asks again about a key after 10 s: what is known well before came as news. */
export const NEWS_MS_MAX = 5_000;

/** A customer of its own, so that a test can count every nano-dollar without meeting other tests' money. */
export interface Customer {
  readonly accountId: string;
  readonly management: string;
  readonly key: string;
}

interface Balance {
  readonly available_usd: string;
  readonly held_usd: string;
}

/** Decimals of USD, as a customer sets them. */
export type KeyCaps = Partial<Record<'quota' | 'rate_limit_5h' | 'rate_limit_1d' | 'rate_limit_7d', string>>;

export const GROUPS = { default: 1, extended: 8 } as const;

/** What an operator does; with a body it is a POST unless said otherwise. */
export const operate = async <Answer>(
  path: string,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
): Promise<Answer> => {
  const response = await fetch(`${running().services['console-api']}/api/v1/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${platform.keys.operator}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
};

/** Puts money into a wallet, or takes it out with a negative amount. */
export const credit = (accountId: string, usd: string) => creditAs(crypto.randomUUID(), accountId, usd);

/** The same by a name of the caller's; said twice, it is posted once. */
export const creditAs = (transactionId: string, accountId: string, usd: string) =>
  operate('credits', {
    account_id: accountId,
    amount_usd: usd,
    reason: 'end-to-end test',
    transaction_id: transactionId,
  });

/** What an operator sets of an account; a cap of zero is taken away. */
export const setCaps = (accountId: string, caps: readonly AccountCap[]) =>
  operate(`accounts/${accountId}/caps`, { caps }, 'PUT');
export const changeAccount = (accountId: string, change: { tier?: string; concurrency?: number | null }) =>
  operate(`accounts/${accountId}`, change, 'PATCH');

export interface AccountCap {
  readonly subject: string;
  readonly span: 'life' | '5h' | '1d' | '7d';
  readonly amount_usd: string;
}

/** An inference key made as a customer makes it: through the gateway, with a management key. */
export async function createKey(
  management: string,
  groupId: number,
  caps: KeyCaps & { readonly member_id?: string } = {},
): Promise<string> {
  const response = await callGateway('/api/v1/keys', {
    method: 'POST',
    key: management,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'end-to-end', group_id: groupId, ...caps }),
  });
  if (!response.ok) throw new Error(`no key: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { key: string }).key;
}

export async function newCustomer(
  usd: string,
  groupId: number = GROUPS.default,
  sort: { readonly kind?: 'organisation'; readonly tier?: string } = {},
): Promise<Customer> {
  const account = { name: 'end-to-end', kind: 'individual', tier: 'enterprise', ...sort };
  const { id } = await operate<{ id: string }>('accounts', account);
  await credit(id, usd);
  const { key: management } = await operate<{ key: string }>(`accounts/${id}/management-keys`, {});
  return { accountId: id, management, key: await createKey(management, groupId) };
}

/** A decimal of USD as integer nano-USD. */
export const nano = (usd: string): bigint => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(usd) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(9, '0')}`);
};

export const balanceOf = async (key: string): Promise<{ available: bigint; held: bigint }> => {
  const { available_usd, held_usd } = (await (await callGateway('/v1/balance', { key })).json()) as Balance;
  return { available: nano(available_usd), held: nano(held_usd) };
};

/** The balance once everything that was held has been settled or released. */
export const balanceAtRest = (key: string, limitMs?: number): Promise<{ available: bigint; held: bigint }> =>
  eventually(async () => {
    const balance = await balanceOf(key);
    return balance.held === 0n ? balance : undefined;
  }, limitMs);
