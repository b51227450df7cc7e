// What whoever migrates must be allowed to make, asked before. Prisma would tell it in many lines, and a migration that fails
// for want of a role stays marked as failed, so that none runs any more when the role is there.
import pg from 'pg';

const UNDEFINED_DATABASE = '3D000';
/** Where one asks while there is no database of one's own; Prisma makes it from there too. */
const MAINTENANCE = '/postgres';

const RIGHTS = `
  SELECT current_user AS login, rolsuper OR rolcreatedb AS "makesDatabases", rolsuper OR rolcreaterole AS "makesRoles",
    ARRAY(SELECT name FROM unnest($1::text[]) AS name WHERE name NOT IN (SELECT rolname FROM pg_roles)) AS "absentRoles"
  FROM pg_roles WHERE rolname = current_user`;

/** Throws a line for each thing that is missing and that the login may not make: the database, and the given roles. */
export async function assertMayMigrate(databaseUrl, roles) {
  const url = new URL(databaseUrl);
  const database = decodeURIComponent(url.pathname.slice(1));
  const found = await ask(url, roles);
  const { login, makesDatabases, makesRoles, absentRoles } =
    found ?? (await ask(Object.assign(new URL(url), { pathname: MAINTENANCE }), roles)) ?? {};
  // Nobody to ask: whatever is wrong there, Prisma meets it too and says so.
  if (login === undefined) return;
  const problems = [];
  if (!found && !makesDatabases)
    problems.push(`there is no database "${database}", and "${login}" may not make one (CREATEDB)`);
  if (absentRoles.length > 0 && !makesRoles)
    problems.push(`"${login}" may not make roles (CREATEROLE), and there is no ${absentRoles.join(', ')}`);
  if (problems.length > 0)
    throw new Error(
      problems.map((problem) => `${problem}: make it first, as SECURITY.md tells ("Running it")`).join('\n'),
    );
}

/** Undefined where there is no such database. */
async function ask(url, roles) {
  const client = new pg.Client({ connectionString: String(url), connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return (await client.query(RIGHTS, [roles])).rows[0];
  } catch (error) {
    if (error.code === UNDEFINED_DATABASE || url.pathname === MAINTENANCE) return undefined;
    throw error;
  } finally {
    await client.end();
  }
}
