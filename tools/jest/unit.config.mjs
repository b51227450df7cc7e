import { preset } from './preset.mjs';

export default preset({
  testMatch: ['<rootDir>/**/*.spec.ts'],
  ignore: ['\\.(int|e2e|nightly)\\.spec\\.ts$'],
  testTimeout: 5_000,
});
