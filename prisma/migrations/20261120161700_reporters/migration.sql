-- When the oldest of a reporter's requests began that may still be reported (ADR 0020).
-- AlterTable
ALTER TABLE "ledger"."reporter" ADD COLUMN     "open_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
