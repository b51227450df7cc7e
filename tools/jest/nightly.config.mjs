import { preset } from './preset.mjs';

export default preset({ testMatch: ['<rootDir>/**/*.nightly.spec.ts'], testTimeout: 900_000 });
