import { preset } from './preset.mjs';

export default preset({ testMatch: ['<rootDir>/**/*.e2e.spec.ts'], testTimeout: 180_000 });
