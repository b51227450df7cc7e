-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "idempotency";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "payment";

-- AlterTable
ALTER TABLE "identity"."account" ADD COLUMN     "concurrency" INTEGER;

-- AlterTable
ALTER TABLE "identity"."api_key" ADD COLUMN     "member_id" TEXT;

-- AlterTable
ALTER TABLE "ledger"."account" ADD COLUMN     "is_low" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "low_at" BIGINT;

-- AlterTable
ALTER TABLE "ledger"."credit" ADD COLUMN     "balance_after" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "bonus" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'admin_credit',
ADD COLUMN     "source" JSONB;

-- AlterTable
ALTER TABLE "ledger"."hold" ADD COLUMN     "counters" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "member_id" TEXT,
ADD COLUMN     "model" TEXT,
ADD COLUMN     "reporter" TEXT;

-- AlterTable
ALTER TABLE "ledger"."price_version" ADD COLUMN     "effective_from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "ledger"."usage" ADD COLUMN     "member_id" TEXT;

-- CreateTable
CREATE TABLE "idempotency"."answer" (
    "key_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "status" INTEGER,
    "head" BYTEA,
    "body" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "answer_pkey" PRIMARY KEY ("key_id","name")
);

-- CreateTable
CREATE TABLE "identity"."cap" (
    "account_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "span" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cap_pkey" PRIMARY KEY ("account_id","subject","span")
);

-- CreateTable
CREATE TABLE "ledger"."counter" (
    "account_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "span" TEXT NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "counter_pkey" PRIMARY KEY ("account_id","subject","span")
);

-- CreateTable
CREATE TABLE "ledger"."spend" (
    "account_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "span" TEXT NOT NULL,
    "bucket" TIMESTAMPTZ(0) NOT NULL,
    "held" BIGINT NOT NULL DEFAULT 0,
    "settled" BIGINT NOT NULL DEFAULT 0,
    "carried" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "spend_pkey" PRIMARY KEY ("account_id","subject","span","bucket")
);

-- CreateTable
CREATE TABLE "ledger"."reporter" (
    "id" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reporter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger"."unbilled" (
    "request_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "key_hint" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "stream" BOOLEAN NOT NULL,
    "ending" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "flags" TEXT[],
    "attempts" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "unbilled_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "ledger"."usage_quarter" (
    "account_id" TEXT NOT NULL,
    "quarter" TIMESTAMPTZ(0) NOT NULL,
    "key_id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,
    "cost" BIGINT NOT NULL,
    "input" BIGINT NOT NULL,
    "cache_read" BIGINT NOT NULL,
    "cache_write" BIGINT NOT NULL,
    "output" BIGINT NOT NULL,
    "reasoning" BIGINT NOT NULL,

    CONSTRAINT "usage_quarter_pkey" PRIMARY KEY ("account_id","quarter","key_id","model")
);

-- CreateTable
CREATE TABLE "ledger"."outbox" (
    "id" BIGSERIAL NOT NULL,
    "subject" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger"."quarantine_decision" (
    "request_id" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "charged" BIGINT NOT NULL DEFAULT 0,
    "note" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quarantine_decision_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "ledger"."vendor_cost" (
    "vendor" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "model" TEXT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost" BIGINT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vendor_cost_pkey" PRIMARY KEY ("vendor","day","model")
);

-- CreateTable
CREATE TABLE "payment"."checkout" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "reference" TEXT,
    "amount" BIGINT NOT NULL,
    "bonus" BIGINT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "checkout_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "answer_by_expiry" ON "idempotency"."answer"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_message_id_key" ON "ledger"."outbox"("message_id");

-- CreateIndex
CREATE INDEX "checkout_by_account" ON "payment"."checkout"("account_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "checkout_by_reference" ON "payment"."checkout"("provider", "reference");

-- AddForeignKey
ALTER TABLE "identity"."cap" ADD CONSTRAINT "cap_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "identity"."account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- By hand from here. Sealed bytes do not compress, so the server need not try.
ALTER TABLE "idempotency"."answer"
    ALTER COLUMN "head" SET STORAGE EXTERNAL,
    ALTER COLUMN "body" SET STORAGE EXTERNAL;

-- The buckets of a busy key are updated in place, like its wallet.
ALTER TABLE "ledger"."spend" SET (fillfactor = 50);
ALTER TABLE "ledger"."usage_quarter" SET (fillfactor = 50);
ALTER TABLE "ledger"."spend" ADD CONSTRAINT "spend_not_negative" CHECK ("held" >= 0 AND "settled" >= 0 AND "carried" >= 0);

CREATE INDEX "outbox_waiting" ON "ledger"."outbox"("id") WHERE "published_at" IS NULL;

CREATE TRIGGER "unbilled_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."unbilled"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
CREATE TRIGGER "quarantine_decision_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."quarantine_decision"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();

-- The sub-bucket of a span in which a moment lies (contract 0.4); one statement says it, so that no two disagree.
CREATE FUNCTION "ledger"."bucket_of"(span TEXT, moment TIMESTAMPTZ) RETURNS TIMESTAMPTZ LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE span
        WHEN '5h' THEN date_bin('5 minutes', moment, 'epoch')
        WHEN '1d' THEN date_bin('15 minutes', moment, 'epoch')
        WHEN '7d' THEN date_bin('1 hour', moment, 'epoch')
        ELSE 'epoch'::timestamptz
    END
$$;
