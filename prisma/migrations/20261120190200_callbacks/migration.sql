-- By hand: partial indexes, which Prisma cannot say.

-- An account has one newest secret, whoever makes the first one or rotates at the same moment.
CREATE UNIQUE INDEX "signing_secret_newest" ON "tasks"."signing_secret" ("account_id") WHERE "expires_at" IS NULL;

-- What waits to be told, by whose it is.
CREATE INDEX "delivery_waiting_by_account" ON "tasks"."delivery" ("account_id", "next_attempt_at") WHERE "state" = 'pending';
