// Shared Jest settings: ESM through swc, workspace aliases, and which suffix each kind of run picks.
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
};

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
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  reporters: ['default', `${root}tools/jest/count-reporter.mjs`],
  testTimeout,
});
