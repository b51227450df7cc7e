// Shared Jest settings: ESM through swc, workspace aliases, and which suffix each kind of run picks.
import { fileURLToPath } from 'node:url';

import { swcOptions } from '../swc-options.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

export const preset = ({ testMatch, ignore = [], testTimeout }) => ({
  testEnvironment: 'node',
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', ...ignore],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@bytespike/([^/]+)/testing$': `${root}libs/$1/src/testing/index.ts`,
    '^@bytespike/([^/]+)$': `${root}libs/$1/src/index.ts`,
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  reporters: ['default', `${root}tools/jest/count-reporter.mjs`],
  testTimeout,
});
