import { fileURLToPath } from 'node:url';

import { preset } from './preset.mjs';

const local = (file) => fileURLToPath(new URL(file, import.meta.url));

export default {
  ...preset({ testMatch: ['<rootDir>/**/*.int.spec.ts'], testTimeout: 60_000 }),
  globalSetup: local('./infra-setup.mjs'),
  globalTeardown: local('./infra-teardown.mjs'),
};
