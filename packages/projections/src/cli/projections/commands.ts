import type { Command } from 'commander';
import { type CommandTree, examples } from '../command-tree.ts';
import { withSettings } from '../settings.ts';
import {
  type BuildFlags,
  changeBuild,
  diffBuilds,
  type DropFlags,
  parkedDrop,
  parkedList,
  parkedRetry,
  rebuildView,
} from './builds.ts';
import { type ListFlags, projectionsList } from './list.ts';
import { buildSettings } from './open.ts';
import { projectionsRun, type RunFlags, runSettings } from './run.ts';

const where = '--store mailroom.db --views views.db';
const vault = '--vault vault --vault-key vault.key';

/** `mailroom projections …`: views and process managers, run and administered by themselves. */
export const projectionsCommands = ({ program, io, done }: CommandTree): void => {
  const projections = program.command('projections').description('the views, kept by processes of their own');
  const onBuilds = (command: Command): Command =>
    withSettings(command, buildSettings).option('--json', 'print one JSON document');

  withSettings(projections.command('run'), runSettings)
    .description('keep views up to date until a signal; beside others that do, stand by and take over')
    .option('--once', 'bring every view to the head of the history as it is now, and end')
    .option('--json', 'print one JSON document at the end')
    .addHelpText(
      'after',
      examples(
        `mailroom projections run ${where} ${vault}`,
        '# for cron: catch up and end',
        `mailroom projections run --once --only mailboxes,alerts ${where} ${vault}`,
        '# the views divided among processes; on EventStoreDB one of them keeps the tamper evidence too',
        `mailroom projections run --only mailboxes,chain --store esdb://HOST:2113 --views views.db ${vault}`,
        '# all of it from a file: mail checks too, and health and figures for Prometheus',
        'mailroom projections run --config mailroom.json --processes --listen 127.0.0.1:9464',
      ),
    )
    .action(async (flags: RunFlags) => done(await projectionsRun(flags, io)));

  onBuilds(projections.command('list'))
    .description('every view and process, its builds, and how far each has come')
    .addHelpText('after', examples(`mailroom projections list ${where}`))
    .action(async (flags: ListFlags) => done(await projectionsList(flags, io)));

  onBuilds(projections.command('rebuild'))
    .description('build a view anew beside the one that readers see, then let them see the new one')
    .argument('<name>', 'the view, as list names it')
    .addHelpText('after', examples(`mailroom projections rebuild mailboxes ${where} ${vault}`))
    .action(async (name: string, flags: BuildFlags) => done(await rebuildView(name, flags, io)));

  onBuilds(projections.command('diff'))
    .description('what differs between the rows of two builds; exit code 1: something does')
    .argument('<name>', 'the view, as list names it')
    .argument('<v1>', 'the number of a build')
    .argument('<v2>', 'the number of another')
    .addHelpText('after', examples(`mailroom projections diff mailboxes 2 3 ${where} ${vault}`))
    .action(async (name: string, one: string, other: string, flags: BuildFlags) =>
      done(await diffBuilds(name, [one, other], flags, io)),
    );

  onBuilds(projections.command('activate'))
    .description('let readers see this build from now on')
    .argument('<name>', 'the view, as list names it')
    .argument('<version>', 'the number of the build')
    .addHelpText('after', examples(`mailroom projections activate mailboxes 2 ${where}`))
    .action(async (name: string, version: string, flags: BuildFlags) =>
      done(await changeBuild('activate', name, version, flags, io)),
    );

  onBuilds(projections.command('drop'))
    .description('drop a build that readers no longer need')
    .argument('<name>', 'the view, as list names it')
    .argument('<version>', 'the number of the build')
    .addHelpText('after', examples(`mailroom projections drop mailboxes 2 ${where}`))
    .action(async (name: string, version: string, flags: BuildFlags) =>
      done(await changeBuild('drop', name, version, flags, io)),
    );

  const parked = projections.command('parked').description('keys that wait behind an event that could not be applied');
  onBuilds(parked.command('list'))
    .description('every key that waits, and why')
    .argument('[name]', 'only of this projection')
    .addHelpText('after', examples(`mailroom projections parked list ${where}`))
    .action(async (name: string | undefined, flags: BuildFlags) => done(await parkedList(name, flags, io)));

  onBuilds(parked.command('retry'))
    .description('apply what waits with the code as it is now; exit code 1: it still cannot be applied')
    .argument('<name>', 'the projection')
    .argument('<key>', 'the key, as list names it')
    .addHelpText('after', examples(`mailroom projections parked retry mailboxes KEY ${where} ${vault}`))
    .action(async (name: string, key: string, flags: BuildFlags) => done(await parkedRetry(name, key, flags, io)));

  onBuilds(parked.command('drop'))
    .description('give up what waits: the row goes on without those events')
    .argument('<name>', 'the projection')
    .argument('<key>', 'the key, as list names it')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples(`mailroom projections parked drop mailboxes KEY --yes ${where}`))
    .action(async (name: string, key: string, flags: DropFlags) => done(await parkedDrop(name, key, flags, io)));
};
