export { type SqliteEventStore, sqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.ts';
export type { WriterCounts } from './writer.ts';
