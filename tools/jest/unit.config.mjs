import { preset } from './preset.mjs';

export default preset({
  testMatch: ['<rootDir>/**/*.spec.ts'],
  ignore: ['\\.(int|e2e|nightly)\\.spec\\.ts$'],
  // Only what hangs should meet it: on two busy cores a large form takes seconds.
  testTimeout: 30_000,
});
