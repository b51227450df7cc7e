import { randomBytes } from 'node:crypto';

import { StoredText } from '@bytespike/contracts';
import { formatUsd } from '@bytespike/kernel';
import { MANAGEMENT_KEY_PREFIX } from '@bytespike/secrets';
import { Body, Controller, HttpCode, Param, Patch, Post, Req, UseGuards } from '@nestjs/common';
import { ulid } from 'ulid';
import { z } from 'zod';

import { AccessTokenStore } from '../access-token-store.js';
import { AccountStore } from '../account-store.js';
import type { AccountRow } from '../account-store.js';
import { generatedSecret } from '../domain/new-key.js';
import { KeyChanges } from '../key-changes.js';
import { KeyStore } from '../key-store.js';
import { PAYMENT_NAMES } from '../payments/domain/payment-steps.js';
import { ConsoleApiSettings } from '../settings.js';
import { Wallets } from '../wallets.js';
import { BodyPipe } from './body.pipe.js';
import { OperatorGuard } from './operator.guard.js';
import { unknownAccount } from './unknown-account.js';
import { Usd } from './usd.js';

const SECRET_BYTES = 32;
/** Typical for an enterprise are 500 to 2,000 requests in flight (contract 7). */
const CONCURRENCY_MAX = 100_000;

/** Names of payments are made of ours: an operator who took one would keep the payment from being credited. */
const TransactionId = StoredText.min(1)
  .max(100)
  .refine(
    (id) => !PAYMENT_NAMES.some((name) => id.startsWith(name)),
    `must not begin with ${PAYMENT_NAMES.join(' or ')}`,
  );

const CreditBody = z.strictObject({
  account_id: StoredText.min(1),
  amount_usd: Usd,
  reason: StoredText.min(1).max(500),
  transaction_id: TransactionId,
});
const Tier = z.enum(['free', 'pro', 'max', 'enterprise']);
const AccountBody = z.strictObject({
  name: StoredText.min(1).max(200),
  kind: z.enum(['individual', 'organisation']),
  tier: Tier,
});
/** Null goes back to the tier's own number, zero is without limit (contract 7). */
const Concurrency = z.number().int().min(0).max(CONCURRENCY_MAX).nullable();
const AccountChange = z
  .strictObject({
    paused: z.boolean().optional(),
    tier: Tier.optional(),
    concurrency: Concurrency.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'name what to change: paused, tier or concurrency');

/** What operators do to accounts. Customers have no way in here. */
@Controller('api/v1/admin')
@UseGuards(OperatorGuard)
export class AdminController {
  constructor(
    private readonly wallets: Wallets,
    private readonly changes: KeyChanges,
    private readonly accounts: AccountStore,
    private readonly keys: KeyStore,
    private readonly tokens: AccessTokenStore,
    private readonly settings: ConsoleApiSettings,
  ) {}

  /** Credits a wallet, or debits it with a negative amount; a repeat of the transaction id changes nothing. */
  @Post('credits')
  @HttpCode(200)
  async credit(
    @Body(new BodyPipe(CreditBody)) body: z.output<typeof CreditBody>,
    @Req() request: { operator: string },
  ) {
    if (!(await this.accounts.exists(body.account_id))) throw unknownAccount();
    const available = await this.wallets.credit({
      transactionId: body.transaction_id,
      accountId: body.account_id,
      amount: body.amount_usd,
      reason: body.reason,
      actor: request.operator,
    });
    return { account_id: body.account_id, available_usd: formatUsd(available) };
  }

  @Post('accounts')
  async createAccount(@Body(new BodyPipe(AccountBody)) body: z.output<typeof AccountBody>) {
    return viewAccount(await this.accounts.create({ id: `acc_${ulid()}`, ...body }));
  }

  /** A change takes effect at once: every cached key of the account is dropped. */
  @Patch('accounts/:id')
  async changeAccount(
    @Param('id') id: string,
    @Body(new BodyPipe(AccountChange)) { paused, tier, concurrency }: z.output<typeof AccountChange>,
  ) {
    const account = await this.accounts.update(id, {
      ...(paused !== undefined && { paused }),
      ...(tier !== undefined && { tier }),
      ...(concurrency !== undefined && { concurrency }),
    });
    if (!account) throw unknownAccount();
    await this.changes.announce(await this.keys.digestsOf(id));
    return viewAccount(account);
  }

  /** A management key for an account; the secret is here once and never again. */
  @Post('accounts/:id/management-keys')
  async createManagementKey(@Param('id') id: string, @Req() request: { operator: string }) {
    if (!(await this.accounts.exists(id))) throw unknownAccount();
    const { secret, digest, hint } = generatedSecret(
      MANAGEMENT_KEY_PREFIX,
      randomBytes(SECRET_BYTES),
      this.settings.pepper,
    );
    const tokenId = `tok_${ulid()}`;
    await this.tokens.createManagementKey({ id: tokenId, digest, hint, accountId: id, actor: request.operator });
    return { id: tokenId, account_id: id, key: secret, key_hint: hint };
  }
}

const viewAccount = ({ id, name, kind, tier, concurrency, paused, createdAt }: AccountRow) => ({
  id,
  name,
  kind,
  tier,
  concurrency,
  paused,
  created_at: createdAt.toISOString(),
});
