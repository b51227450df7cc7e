-- By hand. What `ledger_role` did for the ledger, for everybody else who has a pool: each service works as a role that reaches
-- its own schemas, and none of them reaches the ledger's. Roles belong to the cluster: see there for the two exceptions.
DO $$
DECLARE
    service TEXT;
BEGIN
    FOREACH service IN ARRAY ARRAY['bytespike_console', 'bytespike_ingress', 'bytespike_router', 'bytespike_translator'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = service) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', service);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        BEGIN
            IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
                EXECUTE format('GRANT %I TO %I', service, current_user);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN
            NULL;
        END;
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA "identity", "catalog", "payment" TO "bytespike_console";
GRANT USAGE ON SCHEMA "identity" TO "bytespike_router";
GRANT USAGE ON SCHEMA "responses" TO "bytespike_translator";
GRANT USAGE ON SCHEMA "idempotency" TO "bytespike_ingress";

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "identity", "catalog", "payment" TO "bytespike_console";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA "identity", "catalog", "payment" TO "bytespike_console";
GRANT SELECT ON ALL TABLES IN SCHEMA "identity" TO "bytespike_router";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "responses" TO "bytespike_translator";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "idempotency" TO "bytespike_ingress";

-- And what later migrations add. Not so in the ledger, where each table has to say what its rows are for.
ALTER DEFAULT PRIVILEGES IN SCHEMA "identity", "catalog", "payment" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "bytespike_console";
ALTER DEFAULT PRIVILEGES IN SCHEMA "identity", "catalog", "payment" GRANT USAGE ON SEQUENCES TO "bytespike_console";
ALTER DEFAULT PRIVILEGES IN SCHEMA "identity" GRANT SELECT ON TABLES TO "bytespike_router";
ALTER DEFAULT PRIVILEGES IN SCHEMA "responses" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "bytespike_translator";
ALTER DEFAULT PRIVILEGES IN SCHEMA "idempotency" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "bytespike_ingress";
