-- By hand. The ledger's service works as a role that owns nothing: what it has not been granted here it cannot do, whatever
-- statement it is made to send, and that includes changing an entry, taking a trigger away, or making a table (ADR 0021).
-- Roles belong to the cluster and not to the database, so it may stand already, or another database may make it just now.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bytespike_ledger') THEN
        CREATE ROLE "bytespike_ledger" NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;

-- Whoever migrates may also run the service, as `npm start` does. A superuser needs no membership; somebody who may not grant
-- it was given it with the role, by whoever made that (SECURITY.md).
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT "bytespike_ledger" TO %I', current_user);
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN
    NULL;
END
$$;

GRANT USAGE ON SCHEMA "ledger" TO "bytespike_ledger";

-- What is written stays written.
GRANT SELECT, INSERT ON
    "ledger"."entry", "ledger"."credit", "ledger"."usage", "ledger"."unbilled",
    "ledger"."quarantine", "ledger"."quarantine_decision", "ledger"."price_version"
TO "bytespike_ledger";

-- What moves; a trigger lets a hold end once.
GRANT SELECT, INSERT, UPDATE ON "ledger"."account", "ledger"."hold", "ledger"."counter" TO "bytespike_ledger";

-- Projections of the rows above, and what is of no use after a while.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    "ledger"."spend", "ledger"."usage_quarter", "ledger"."outbox", "ledger"."reporter", "ledger"."vendor_cost"
TO "bytespike_ledger";
GRANT USAGE ON SEQUENCE "ledger"."outbox_id_seq" TO "bytespike_ledger";

GRANT SELECT ON "ledger"."month" TO "bytespike_ledger";
GRANT EXECUTE ON FUNCTION "ledger"."make_months"(TIMESTAMPTZ, TIMESTAMPTZ) TO "bytespike_ledger";
