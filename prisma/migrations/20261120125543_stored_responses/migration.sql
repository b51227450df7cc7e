-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "responses";

-- CreateTable
CREATE TABLE "responses"."response" (
    "key_id" TEXT NOT NULL,
    "response_id" TEXT NOT NULL,
    "previous_id" TEXT,
    "item_ids" TEXT[],
    "turn" BYTEA NOT NULL,
    "answer" BYTEA NOT NULL,
    "turn_bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "response_pkey" PRIMARY KEY ("key_id","response_id")
);

-- Sealed bytes do not compress, so the server need not try; out of line they cost nothing to a scan of the chain.
ALTER TABLE "responses"."response"
    ALTER COLUMN "turn" SET STORAGE EXTERNAL,
    ALTER COLUMN "answer" SET STORAGE EXTERNAL;

-- CreateIndex
CREATE INDEX "response_by_expiry" ON "responses"."response"("expires_at");

-- CreateIndex
CREATE INDEX "response_by_item" ON "responses"."response" USING GIN ("item_ids");
