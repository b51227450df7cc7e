export { readsOfIndex } from './reads-of-index.js';
export { withTestDatabase, type TestDatabase } from './with-test-database.js';
