-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "tasks";

-- CreateTable
CREATE TABLE "tasks"."task" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "key_hint" TEXT NOT NULL,
    "organisation_id" TEXT,
    "member_id" TEXT,
    "out_task_id" TEXT,
    "input_hash" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "alias" TEXT,
    "kind" TEXT NOT NULL,
    "asked" JSONB,
    "shown" JSONB NOT NULL,
    "targets" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "mark" INTEGER NOT NULL,
    "credential_id" TEXT,
    "upstream_id" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "arrived_by" TIMESTAMPTZ(3),
    "submitted_at" TIMESTAMPTZ(3),
    "attempts" JSONB NOT NULL DEFAULT '[]',
    "progress" JSONB,
    "report" JSONB,
    "assets" JSONB NOT NULL DEFAULT '[]',
    "outcome" JSONB,
    "failure" JSONB,
    "estimated_cost" BIGINT NOT NULL DEFAULT 0,
    "estimated_seconds" INTEGER NOT NULL,
    "cost" BIGINT,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "review_reason" TEXT,
    "callback_url" TEXT,
    "traceparent" TEXT,
    "next_action_at" TIMESTAMPTZ(3),
    "polls" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "deadline_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tasks"."delivery" (
    "id" TEXT NOT NULL,
    "task_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" JSONB NOT NULL DEFAULT '[]',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tasks"."signing_secret" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_secret_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "task_by_next_action" ON "tasks"."task"("next_action_at");

-- CreateIndex
CREATE INDEX "task_by_render" ON "tasks"."task"("credential_id", "upstream_id");

-- CreateIndex
CREATE INDEX "task_by_end" ON "tasks"."task"("ended_at");

-- CreateIndex
CREATE UNIQUE INDEX "task_by_name" ON "tasks"."task"("key_id", "out_task_id");

-- CreateIndex
CREATE INDEX "delivery_by_task" ON "tasks"."delivery"("task_id");

-- CreateIndex
CREATE INDEX "delivery_by_next_attempt" ON "tasks"."delivery"("next_attempt_at");

-- CreateIndex
CREATE INDEX "signing_secret_by_account" ON "tasks"."signing_secret"("account_id");

-- AddForeignKey
ALTER TABLE "tasks"."delivery" ADD CONSTRAINT "delivery_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"."task"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- By hand: what Prisma cannot say.
ALTER TABLE "tasks"."task"
    ADD CONSTRAINT "task_state_known" CHECK ("state" IN ('admitting', 'pending', 'submitting', 'running', 'settling', 'needs_review', 'completed', 'failed', 'cancelled')),
    ADD CONSTRAINT "task_end_is_whole" CHECK (("state" IN ('completed', 'failed', 'cancelled')) = ("ended_at" IS NOT NULL)),
    -- What was said to a vendor is kept no longer than it is needed.
    ADD CONSTRAINT "task_forgets_its_prompt" CHECK ("ended_at" IS NULL OR "asked" IS NULL),
    ADD CONSTRAINT "task_cost_is_known" CHECK ("ended_at" IS NULL OR "cost" IS NOT NULL),
    ADD CONSTRAINT "task_render_is_known" CHECK ("state" <> 'running' OR "upstream_id" IS NOT NULL);
ALTER TABLE "tasks"."delivery"
    ADD CONSTRAINT "delivery_state_known" CHECK ("state" IN ('pending', 'delivered', 'failed'));

-- The sweeper's question, and the limit of open tasks: both are about the few that have not ended.
CREATE INDEX "task_open_by_account" ON "tasks"."task" ("account_id") WHERE "ended_at" IS NULL;
