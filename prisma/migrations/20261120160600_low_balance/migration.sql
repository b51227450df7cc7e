-- By hand: the clock that watches thresholds reads who has one, and nobody else's wallet.
CREATE INDEX "account_with_threshold" ON "ledger"."account"("id") WHERE "low_at" IS NOT NULL;

-- And what was published long ago is found without reading what was published yesterday.
CREATE INDEX "outbox_published" ON "ledger"."outbox"("published_at") WHERE "published_at" IS NOT NULL;
