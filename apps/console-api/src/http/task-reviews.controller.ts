import { StoredText } from '@bytespike/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { z } from 'zod';

import { TaskReviews } from '../task-reviews.js';
import { BodyPipe } from './body.pipe.js';
import { OperatorGuard } from './operator.guard.js';

const ListQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) });
const Found = StoredText.min(1).max(500);
const DecisionBody = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('fail') }),
  z.strictObject({ decision: z.literal('resume'), upstream_id: Found.optional(), credential_id: Found.optional() }),
]);

/** Tasks that wait for an operator, because no vendor can be asked what became of them (ADR 0023). */
@Controller('api/v1/admin/tasks')
@UseGuards(OperatorGuard)
export class TaskReviewsController {
  constructor(private readonly reviews: TaskReviews) {}

  /** Oldest first. */
  @Get('reviews')
  async list(@Query(new BodyPipe(ListQuery)) query: z.output<typeof ListQuery>) {
    const { reviews } = await this.reviews.list(query);
    return {
      data: reviews.map(({ taskId, model, since, reason, upstreamId }) => ({
        task_id: taskId,
        model,
        since: new Date(since).toISOString(),
        reason,
        upstream_id: upstreamId ?? null,
      })),
    };
  }

  /** Ends it failed and free, or has it asked about again, perhaps by the id that somebody has found at the vendor. */
  @Post(':id/decision')
  @HttpCode(200)
  async decide(
    @Param('id') taskId: string,
    @Body(new BodyPipe(DecisionBody)) body: z.output<typeof DecisionBody>,
    @Req() { operator }: { operator: string },
  ) {
    const found =
      body.decision === 'resume'
        ? {
            ...(body.upstream_id !== undefined && { upstreamId: body.upstream_id }),
            ...(body.credential_id !== undefined && { credentialId: body.credential_id }),
          }
        : {};
    const { task } = await this.reviews.decide({ taskId, decision: body.decision, ...found, actor: operator });
    return { task_id: task.taskId, status: task.state };
  }
}
