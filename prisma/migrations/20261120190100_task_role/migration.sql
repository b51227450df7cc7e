-- By hand. As `service_roles`, for the service that came later: it reaches its own schema, and nobody else does.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bytespike_tasks') THEN
            CREATE ROLE "bytespike_tasks" NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    BEGIN
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            EXECUTE format('GRANT "bytespike_tasks" TO %I', current_user);
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN
        NULL;
    END;
END
$$;

GRANT USAGE ON SCHEMA "tasks" TO "bytespike_tasks";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "tasks" TO "bytespike_tasks";
ALTER DEFAULT PRIVILEGES IN SCHEMA "tasks" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "bytespike_tasks";
