-- By hand: what has been corrected of a request is read whenever more of it is to be.
CREATE INDEX "credit_by_corrected_request" ON "ledger"."credit"(("source"->>'request_id')) WHERE "kind" = 'correction';
-- CreateIndex
CREATE INDEX "quarantine_by_time" ON "ledger"."quarantine"("created_at", "request_id");
