export { eventStoreDb } from './event-store-db.ts';
export { InvalidConnectionString } from './connection-string.ts';
export { type EventStoreDbOptions, type Timing } from './options.ts';
