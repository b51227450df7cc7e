-- CreateIndex
CREATE INDEX "credit_by_account" ON "ledger"."credit"("account_id", "created_at", "transaction_id");
