-- DropIndex
DROP INDEX "tasks"."task_by_render";

-- CreateIndex
CREATE UNIQUE INDEX "task_by_render" ON "tasks"."task"("credential_id", "upstream_id");

-- By hand: what Prisma cannot say.

-- A render that is looked for by the time of its sending is none that another task has.
CREATE INDEX "task_by_sending" ON "tasks"."task" ("sent_at") WHERE "upstream_id" IS NOT NULL;
-- How long renders of a model have lately taken.
CREATE INDEX "task_by_success" ON "tasks"."task" ("model", "ended_at" DESC) WHERE "state" = 'completed';
-- The few that an operator looks at.
CREATE INDEX "task_in_review" ON "tasks"."task" ("deadline_at") WHERE "state" = 'needs_review';
