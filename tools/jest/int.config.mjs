import { preset } from './preset.mjs';

export default preset({ testMatch: ['<rootDir>/**/*.int.spec.ts'], testTimeout: 30_000 });
