export { sqliteViewStore, type SqliteViewStoreOptions } from './view-store-sqlite.ts';
