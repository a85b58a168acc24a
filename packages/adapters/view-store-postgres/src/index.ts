export { postgresViewStore, type PostgresViewStoreOptions } from './view-store-postgres.ts';
