-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "ledger";

-- CreateTable
CREATE TABLE "ledger"."account" (
    "id" TEXT NOT NULL,
    "available" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "account_never_overdrawn" CHECK ("available" >= 0),
    CONSTRAINT "account_held_not_negative" CHECK ("held" >= 0)
) WITH (fillfactor = 50); -- a hot wallet is updated in place: room on its page keeps the updates off the index

-- CreateTable
CREATE TABLE "ledger"."hold" (
    "request_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "basis" TEXT NOT NULL,
    "max_output_tokens" INTEGER NOT NULL,
    "price_versions" TEXT[],
    "input_hash" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'held',
    "charged" BIGINT NOT NULL DEFAULT 0,
    "overrun" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "hold_pkey" PRIMARY KEY ("request_id"),
    CONSTRAINT "hold_state_known" CHECK ("state" IN ('held', 'settled', 'voided', 'expired')),
    CONSTRAINT "hold_charge_within_amount" CHECK ("charged" BETWEEN 0 AND "amount" AND "overrun" >= 0)
);

-- CreateTable
CREATE TABLE "ledger"."entry" (
    "reference" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "balance" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "entry_pkey" PRIMARY KEY ("reference","kind","account_id","balance"),
    CONSTRAINT "entry_balance_known" CHECK ("balance" IN ('available', 'held', 'posted'))
);

-- CreateTable
CREATE TABLE "ledger"."credit" (
    "transaction_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_pkey" PRIMARY KEY ("transaction_id")
);

-- CreateTable
CREATE TABLE "ledger"."price_version" (
    "id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "prices" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger"."usage" (
    "request_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "key_hint" TEXT NOT NULL,
    "organisation_id" TEXT,
    "model" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "stream" BOOLEAN NOT NULL,
    "price_version" TEXT NOT NULL,
    "ending" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "flags" TEXT[],
    "units" JSONB NOT NULL,
    "cost" BIGINT NOT NULL,
    "cost_pico" BIGINT NOT NULL,
    "attempts" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_pkey" PRIMARY KEY ("request_id")
);

-- CreateTable
CREATE TABLE "ledger"."quarantine" (
    "request_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "fact" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quarantine_pkey" PRIMARY KEY ("request_id")
);

-- CreateIndex
CREATE INDEX "hold_open_by_expiry" ON "ledger"."hold"("expires_at") WHERE "state" = 'held';

-- CreateIndex
CREATE INDEX "usage_by_account" ON "ledger"."usage"("account_id", "created_at", "request_id");

-- By hand from here. Checks are few because each is read again for every statement (5 us); `ledger verify` knows the rest.
-- What is written stays written (architecture, section 6).
CREATE FUNCTION "ledger"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger.% is append-only: % refused; a correction is a new entry', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."entry"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
CREATE TRIGGER "credit_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."credit"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
CREATE TRIGGER "price_version_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."price_version"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
CREATE TRIGGER "usage_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."usage"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
CREATE TRIGGER "quarantine_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."quarantine"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();

CREATE TRIGGER "hold_never_deleted" BEFORE DELETE OR TRUNCATE ON "ledger"."hold"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
-- Exactly one of settle, void and expire ends a hold; the condition is checked without calling the function.
CREATE TRIGGER "hold_ends_once" BEFORE UPDATE ON "ledger"."hold"
    FOR EACH ROW WHEN (OLD."state" <> 'held') EXECUTE FUNCTION "ledger"."refuse_change"();
