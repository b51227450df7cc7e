import { preset } from './preset.mjs';

export default preset({
  testMatch: ['<rootDir>/**/*.spec.ts'],
  ignore: ['\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$'],
  testTimeout: 5_000,
});
