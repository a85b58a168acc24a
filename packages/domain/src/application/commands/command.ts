import type * as t from 'io-ts';
import type { Privilege } from '../../kernel/command.ts';
import { auditCommands } from './audit-commands.ts';
import { bulkCommands } from './bulk-commands.ts';
import { mailboxCommands } from './mailbox-commands.ts';
import { organizationCommands } from './organization-commands.ts';
import { profileCommands } from './profile-commands.ts';

/** Every command a host can give: its codec, the privileges it needs, and whether an owner may do it without them. */
export const commandTable = {
  ...profileCommands,
  ...organizationCommands,
  ...mailboxCommands,
  ...bulkCommands,
  ...auditCommands,
} as const satisfies Readonly<
  Record<string, { readonly codec: t.Mixed; readonly needs: readonly Privilege[]; readonly ownMay?: boolean }>
>;

/** The name of a command. */
export type CommandType = keyof typeof commandTable;

/** The names of all commands. */
export const commandTypes = Object.keys(commandTable) as readonly CommandType[];

/** A command as a host writes it: plain values, checked when it is executed. */
export type CommandInput<Type extends CommandType = CommandType> = {
  readonly [Each in Type]: t.OutputOf<(typeof commandTable)[Each]['codec']>;
}[Type];

/** A command that has been decoded: every value is known to fit. */
export type DecodedCommand<Type extends CommandType = CommandType> = {
  readonly [Each in Type]: t.TypeOf<(typeof commandTable)[Each]['codec']>;
}[Type];
