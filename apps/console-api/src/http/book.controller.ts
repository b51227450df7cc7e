import { StoredText, type QuarantinedFact } from '@bytespike/contracts';
import { formatUsd } from '@bytespike/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { z } from 'zod';

import { Book } from '../book.js';
import { BodyPipe } from './body.pipe.js';
import { OperatorGuard } from './operator.guard.js';
import { Usd } from './usd.js';

const PAGE_MAX = 200;

const Reason = StoredText.min(1).max(500);
const CorrectionBody = z.strictObject({
  request_id: StoredText.min(1).max(200),
  amount_usd: Usd,
  reason: Reason,
  transaction_id: StoredText.min(1).max(200),
});
const PageQuery = z.object({
  decided: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
  cursor: z.string().max(500).optional(),
});
const DecisionBody = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('dismissed'), reason: Reason }),
  z.strictObject({ decision: z.literal('charged'), charge_usd: Usd, reason: Reason }),
]);

/** What operators put right in the book: charges given back, and facts whose numbers cannot be believed. */
@Controller('api/v1/admin')
@UseGuards(OperatorGuard)
export class BookController {
  constructor(private readonly book: Book) {}

  /** Gives back a charge or a part of it; a repeat of the transaction id changes nothing. */
  @Post('corrections')
  @HttpCode(200)
  async correct(
    @Body(new BodyPipe(CorrectionBody)) body: z.output<typeof CorrectionBody>,
    @Req() { operator }: { operator: string },
  ) {
    const { request_id: requestId, amount_usd: amount, reason, transaction_id: transactionId } = body;
    return moved(await this.book.correct({ transactionId, requestId, amount, reason, actor: operator }));
  }

  /** Newest first: those that wait for a decision, or with `decided=true` those that have one. */
  @Get('quarantine')
  async quarantine(@Query(new BodyPipe(PageQuery)) query: z.output<typeof PageQuery>) {
    const { facts, nextCursor } = await this.book.quarantined(query);
    return { data: facts.map(viewFact), next_cursor: nextCursor ?? null };
  }

  /** The first decision stands; the same one again changes nothing. */
  @Post('quarantine/:id/decision')
  @HttpCode(200)
  async decide(
    @Param('id') requestId: string,
    @Body(new BodyPipe(DecisionBody)) body: z.output<typeof DecisionBody>,
    @Req() { operator }: { operator: string },
  ) {
    const charge = body.decision === 'charged' ? body.charge_usd : 0n;
    return moved(await this.book.decide({ requestId, charge, reason: body.reason, actor: operator }));
  }
}

const moved = ({ accountId, available }: { readonly accountId: string; readonly available: bigint }) => ({
  account_id: accountId,
  available_usd: formatUsd(available),
});

const viewFact = ({ requestId, accountId, why, held, fact, at, decision }: QuarantinedFact) => ({
  request_id: requestId,
  account_id: accountId,
  why,
  held_usd: formatUsd(held),
  fact,
  created_at: new Date(at).toISOString(),
  decision: decision
    ? {
        charged_usd: formatUsd(decision.charged),
        note: decision.note,
        actor: decision.actor,
        created_at: new Date(decision.at).toISOString(),
      }
    : null,
});
