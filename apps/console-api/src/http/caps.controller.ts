import { Span, StoredText } from '@bytespike/contracts';
import { formatUsd, GatewayError } from '@bytespike/kernel';
import { Body, Controller, Get, Param, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';

import { AccountStore } from '../account-store.js';
import { CapStore } from '../cap-store.js';
import { CatalogueStore } from '../catalogue-store.js';
import { assertCaps, type AccountCap } from '../domain/account-cap.js';
import { KeyChanges } from '../key-changes.js';
import { KeyStore } from '../key-store.js';
import { BodyPipe } from './body.pipe.js';
import { OperatorGuard } from './operator.guard.js';
import { unknownAccount } from './unknown-account.js';
import { Usd } from './usd.js';

/** More than fit into a body of the usual size are set in several requests. */
const CAPS_PER_REQUEST_MAX = 5_000;

const CapBody = z.strictObject({
  subject: StoredText.min(1).max(200),
  span: Span,
  amount_usd: Usd.refine((amount) => amount >= 0n, 'must not be negative; zero takes the cap away'),
});
const CapsBody = z.strictObject({ caps: z.array(CapBody).max(CAPS_PER_REQUEST_MAX) });

/** What an organisation, its members and models may cost an account; a key's own caps are set with the key. */
@Controller('api/v1/admin/accounts/:id/caps')
@UseGuards(OperatorGuard)
export class CapsController {
  constructor(
    private readonly accounts: AccountStore,
    private readonly caps: CapStore,
    private readonly catalogue: CatalogueStore,
    private readonly keys: KeyStore,
    private readonly changes: KeyChanges,
  ) {}

  @Get()
  async list(@Param('id') id: string) {
    if (!(await this.accounts.exists(id))) throw unknownAccount();
    return this.view(id);
  }

  /** Sets the caps that are named, takes away those of zero, and leaves the others. The next request meets them. */
  @Put()
  async set(@Param('id') id: string, @Body(new BodyPipe(CapsBody)) { caps: bodies }: z.output<typeof CapsBody>) {
    const account = await this.accounts.find(id);
    if (!account) throw unknownAccount();
    const snapshot = await this.catalogue.newest();
    if (!snapshot) throw new GatewayError('unavailable', 'no catalogue has been published yet');
    const caps = bodies.map(({ subject, span, amount_usd: amount }) => ({ subject, span, amount }));
    assertCaps(caps, { kind: account.kind, catalogue: snapshot.catalogue });
    await this.caps.set(id, caps);
    await this.changes.announce(await this.keys.digestsOf(id));
    return this.view(id);
  }

  private async view(id: string) {
    return { caps: (await this.caps.list(id)).map(viewCap) };
  }
}

const viewCap = ({ subject, span, amount }: AccountCap) => ({ subject, span, amount_usd: formatUsd(amount) });
