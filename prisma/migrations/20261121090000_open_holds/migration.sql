-- By hand: what ends or extends a hold asks for it by name and for `state = 'held'`. As long as that was this index's own
-- condition, a plan made from statistics without an open hold (of millions, hardly any is) read all that are open instead,
-- for every batch. Who wants those that are open says `ended_at IS NULL`.
DROP INDEX "ledger"."hold_open_by_expiry";
CREATE INDEX "hold_open_by_expiry" ON "ledger"."hold"("expires_at") WHERE "ended_at" IS NULL;

-- Or an open hold could be missing there, and never lapse.
ALTER TABLE "ledger"."hold" ADD CONSTRAINT "hold_end_is_dated" CHECK (("state" = 'held') = ("ended_at" IS NULL));
