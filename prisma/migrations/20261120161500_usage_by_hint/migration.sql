-- AlterTable
ALTER TABLE "ledger"."usage_quarter" DROP CONSTRAINT "usage_quarter_pkey",
ADD COLUMN     "key_hint" TEXT NOT NULL,
ADD CONSTRAINT "usage_quarter_pkey" PRIMARY KEY ("account_id", "quarter", "key_id", "key_hint", "model");
