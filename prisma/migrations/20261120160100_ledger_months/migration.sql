-- By hand: Prisma sees the same columns, keys and indexes, and nothing of the months (ADR 0021).
-- Entries, usage and unbilled ends are written into a partition for each calendar month (UTC), so that the indexes which
-- every commit touches stay as small as a month. There is no default partition: it would have to be scanned for every new
-- month, under a lock that stops commits. The coming months are made ahead of time, and their absence is an alarm.

-- A partitioned key has to contain the month's column, so it cannot say by itself that a leg is posted once. That follows
-- from where legs come from: only from a hold that this statement has inserted or ended (`hold_pkey`, `hold_ends_once`),
-- or from a credit that it has inserted (`credit_pkey`), and those keys know no months. `ledger verify` checks it (I5, I12, I14).

-- Makes the months from that of `since` to that of `until` where they are missing. Attaching takes a lock that lets commits
-- pass, unlike creating a partition in place. Runs with its owner's rights: the services may not create anything.
CREATE FUNCTION "ledger"."make_months"(since TIMESTAMPTZ, until TIMESTAMPTZ) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    parent TEXT;
    first_day TIMESTAMPTZ;
    month TEXT;
BEGIN
    IF until > now() + interval '2 years' OR since < until - interval '50 years' THEN
        RAISE EXCEPTION 'months from % to % are more than anyone needs', since, until;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger.make_months'));
    FOREACH parent IN ARRAY ARRAY['entry', 'usage', 'unbilled'] LOOP
        FOR first_day IN SELECT generate_series(date_trunc('month', since), until, interval '1 month') LOOP
            month := parent || '_' || to_char(first_day, 'YYYY_MM');
            CONTINUE WHEN to_regclass(format('ledger.%I', month)) IS NOT NULL;
            EXECUTE format('CREATE TABLE ledger.%I (LIKE ledger.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', month, parent);
            EXECUTE format('ALTER TABLE ledger.%I ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)',
                parent, month, first_day, first_day + interval '1 month');
            -- A trigger of a statement belongs to the table that the statement names: a month needs its own.
            EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', month);
        END LOOP;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION "ledger"."make_months"(TIMESTAMPTZ, TIMESTAMPTZ) FROM PUBLIC;

-- The months that stand, with how much is in each; `reltuples` is as of the last time that the server counted.
CREATE VIEW "ledger"."month" AS
SELECT parent.relname::text AS "of", child.relname::text AS "name", to_date(right(child.relname, 7), 'YYYY_MM') AS "first_day",
    pg_total_relation_size(child.oid) AS "bytes", greatest(child.reltuples, 0)::bigint AS "rows"
FROM pg_inherits
JOIN pg_class AS parent ON parent.oid = inhparent
JOIN pg_class AS child ON child.oid = inhrelid
WHERE parent.relnamespace = 'ledger'::regnamespace AND parent.relkind = 'p';

-- What stands is kept. It is copied once, with everything that stops writers for that long.
ALTER TABLE "ledger"."entry" RENAME TO "entry_whole";
ALTER TABLE "ledger"."usage" RENAME TO "usage_whole";
ALTER TABLE "ledger"."unbilled" RENAME TO "unbilled_whole";
ALTER TABLE "ledger"."entry_whole" DROP CONSTRAINT "entry_pkey";
ALTER TABLE "ledger"."usage_whole" DROP CONSTRAINT "usage_pkey";
ALTER TABLE "ledger"."unbilled_whole" DROP CONSTRAINT "unbilled_pkey";
DROP INDEX "ledger"."usage_by_account";

CREATE TABLE "ledger"."entry" (LIKE "ledger"."entry_whole" INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE) PARTITION BY RANGE ("created_at");
CREATE TABLE "ledger"."usage" (LIKE "ledger"."usage_whole" INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE) PARTITION BY RANGE ("created_at");
CREATE TABLE "ledger"."unbilled" (LIKE "ledger"."unbilled_whole" INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE) PARTITION BY RANGE ("created_at");
ALTER TABLE "ledger"."entry" ADD CONSTRAINT "entry_pkey" PRIMARY KEY ("reference", "kind", "account_id", "balance", "created_at");
ALTER TABLE "ledger"."usage" ADD CONSTRAINT "usage_pkey" PRIMARY KEY ("request_id", "created_at");
ALTER TABLE "ledger"."unbilled" ADD CONSTRAINT "unbilled_pkey" PRIMARY KEY ("request_id", "created_at");
CREATE INDEX "usage_by_account" ON "ledger"."usage"("account_id", "created_at", "request_id");

SELECT "ledger"."make_months"(
    coalesce(least(
        (SELECT min("created_at") FROM "ledger"."entry_whole"),
        (SELECT min("created_at") FROM "ledger"."usage_whole"),
        (SELECT min("created_at") FROM "ledger"."unbilled_whole")), now()),
    now() + interval '3 months');
INSERT INTO "ledger"."entry" SELECT * FROM "ledger"."entry_whole";
INSERT INTO "ledger"."usage" SELECT * FROM "ledger"."usage_whole";
INSERT INTO "ledger"."unbilled" SELECT * FROM "ledger"."unbilled_whole";
DROP TABLE "ledger"."entry_whole", "ledger"."usage_whole", "ledger"."unbilled_whole";

CREATE TRIGGER "entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."entry"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
CREATE TRIGGER "usage_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."usage"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
CREATE TRIGGER "unbilled_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"."unbilled"
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger"."refuse_change"();
