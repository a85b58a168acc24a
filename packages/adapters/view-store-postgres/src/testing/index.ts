export { findPostgres, startPostgres, type TestServer } from './start-postgres.ts';
