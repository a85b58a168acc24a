export { type Database, type DatabaseOptions, openDatabase } from './database.ts';
export {
  isBusy,
  isConflict,
  type SqliteConnection,
  type SqliteDriver,
  SqliteFailure,
  type SqliteRow,
  type SqliteStatement,
  type SqliteValue,
} from './driver.ts';
export { libsqlDriver } from './libsql-driver.ts';
export { migrate, type Migration } from './migrations.ts';
export { type WakeUp, wakeUp } from './wake-up.ts';
