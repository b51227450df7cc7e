-- A grant is a hold from which the holds of many requests are carved (ADR 0012).
-- AlterTable
ALTER TABLE "ledger"."hold" ADD COLUMN "drawn" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "returned" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "grant_id" TEXT;

-- By hand from here. Nothing is drawn from a grant or returned of it beyond what it holds, whoever asks.
ALTER TABLE "ledger"."hold" DROP CONSTRAINT "hold_charge_within_amount",
ADD CONSTRAINT "hold_charge_within_amount" CHECK ("charged" BETWEEN 0 AND "amount" AND "overrun" >= 0 AND "drawn" >= 0 AND "returned" >= 0 AND "drawn" + "returned" <= "amount");
