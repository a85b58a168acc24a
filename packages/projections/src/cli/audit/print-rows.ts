import { colours } from '../colours.ts';
import type { MailboxRow } from '../../views/mailbox-row.ts';
import type { ProfileRow } from '../../views/profile-row.ts';
import type { Io } from '../io.ts';
import { plain, printTable } from '../table.ts';

type Found = ReadonlyMap<string, readonly (readonly [key: string, row: unknown])[]>;
type Column = readonly [title: string, cell: (row: never, key: string) => string];

const column = <Row>(title: string, cell: (row: Row, key: string) => string | null): Column => [
  title,
  (row: never, key) => plain(cell(row, key) ?? '-'),
];

const channelState = (row: MailboxRow, channel: 'incoming' | 'outgoing' | 'act'): string => {
  const { method, status, enabled, paused, failure } = row.channels[channel];
  if (method === 'none') return '-';
  const state = paused ? 'paused' : enabled ? 'enabled' : 'disabled';
  return status === 'notRun' ? `not run, ${state}` : `${failure?.kind ?? status}, ${state}`;
};

const endpoint = (found: ProfileRow['incoming']): string =>
  found === null ? '-' : `${found.host}:${found.port} ${found.tls}`;

const columns: Readonly<Record<string, readonly Column[]>> = {
  mailboxes: [
    column<MailboxRow>('mailbox', ({ mailboxId }) => mailboxId),
    column<MailboxRow>('name', ({ name }) => name),
    column<MailboxRow>('address', ({ address }) => address),
    column<MailboxRow>('approval', ({ approval }) => approval),
    column<MailboxRow>('active', ({ active }) => (active ? 'yes' : 'no')),
    column<MailboxRow>('incoming', (row) => channelState(row, 'incoming')),
    column<MailboxRow>('outgoing', (row) => channelState(row, 'outgoing')),
  ],
  profiles: [
    column<ProfileRow>('profile', ({ profileId }) => profileId),
    column<ProfileRow>('name', ({ name }) => name),
    column<ProfileRow>('active', ({ active }) => (active ? 'yes' : 'no')),
    column<ProfileRow>('incoming', ({ incoming }) => endpoint(incoming)),
    column<ProfileRow>('outgoing', ({ outgoing }) => endpoint(outgoing)),
    column<ProfileRow>('owner', ({ ownerKind, ownerId }) => `${ownerKind} ${ownerId}`),
  ],
};

const fields = (row: unknown, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(row as Readonly<Record<string, unknown>>).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return fields(value, at);
    return [[at, value === null ? '-' : plain(typeof value === 'string' ? value : JSON.stringify(value))] as const];
  });

/** The rows of each view in a table of its most telling columns; one record alone with all of its fields. */
export const printRows = (io: Io, found: Found, isOneRecord: boolean): void => {
  for (const [name, rows] of found) {
    if (rows.length === 0) continue;
    if (io.isTerminal) io.out(`${colours.bold(name)}\n`);
    const known = columns[name];
    if (isOneRecord || known === undefined) {
      for (const [key, row] of rows) {
        printTable(io, [known === undefined ? 'key' : 'field', known === undefined ? key : 'value'], fields(row));
      }
    } else {
      printTable(
        io,
        known.map(([title]) => title),
        rows.map(([key, row]) => known.map(([, cell]) => cell(row as never, key))),
      );
    }
    io.out('\n');
  }
};
