-- By hand: the sweep looks for checkouts that are open, and most are not.
CREATE INDEX "checkout_open" ON "payment"."checkout"("id") WHERE "status" = 'open';
