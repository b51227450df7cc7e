export { withTestDatabase, type TestDatabase } from './with-test-database.js';
