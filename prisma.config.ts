import { defineConfig } from 'prisma/config';

// The address matters to `migrate` only; `generate` and `diff` between files never connect.
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://unset@127.0.0.1:1/unset' },
});
