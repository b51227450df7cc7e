import { randomBytes } from 'node:crypto';

import { StoredText } from '@bytespike/contracts';
import { formatUsd, GatewayError, parseUsd } from '@bytespike/kernel';
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
import { ConsoleApiSettings } from '../settings.js';
import { Wallets } from '../wallets.js';
import { BodyPipe } from './body.pipe.js';
import { OperatorGuard } from './operator.guard.js';

const SECRET_BYTES = 32;

const Usd = z.string().transform((text, context) => {
  try {
    return parseUsd(text);
  } catch {
    context.addIssue('must be a decimal such as "25.00"');
    return z.NEVER;
  }
});
const CreditBody = z.object({
  account_id: StoredText.min(1),
  amount_usd: Usd,
  reason: StoredText.min(1).max(500),
  transaction_id: StoredText.min(1).max(100),
});
const Tier = z.enum(['free', 'pro', 'max', 'enterprise']);
const AccountBody = z.object({
  name: StoredText.min(1).max(200),
  kind: z.enum(['individual', 'organisation']),
  tier: Tier,
});
const AccountChange = z.object({ paused: z.boolean().optional(), tier: Tier.optional() });

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

  /** Pausing takes effect at once: every cached key of the account is dropped. */
  @Patch('accounts/:id')
  async changeAccount(
    @Param('id') id: string,
    @Body(new BodyPipe(AccountChange)) { paused, tier }: z.output<typeof AccountChange>,
  ) {
    const account = await this.accounts.update(id, {
      ...(paused !== undefined && { paused }),
      ...(tier !== undefined && { tier }),
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

const unknownAccount = (): GatewayError => new GatewayError('not-found', 'There is no such account.');

const viewAccount = ({ id, name, kind, tier, paused, createdAt }: AccountRow) => ({
  id,
  name,
  kind,
  tier,
  paused,
  created_at: createdAt.toISOString(),
});
