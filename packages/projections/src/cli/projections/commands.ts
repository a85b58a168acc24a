import { type CommandTree, examples } from '../command-tree.ts';
import { withSettings } from '../settings.ts';
import { type ListFlags, listSettings, projectionsList } from './list.ts';

/** `mailroom projections …`: the views and processes, run by themselves. */
export const projectionsCommands = ({ program, io, done }: CommandTree): void => {
  const projections = program.command('projections').description('the views, kept by processes of their own');

  withSettings(projections.command('list'), listSettings)
    .description('every view: its version, how far it has come, how far it is behind')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('mailroom projections list --store mailroom.db --views views.db'))
    .action(async (flags: ListFlags) => done(await projectionsList(flags, io)));
};
