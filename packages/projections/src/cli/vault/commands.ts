import { type CommandTree, examples } from '../command-tree.ts';
import { withSettings } from '../settings.ts';
import { type CleanFlags, cleanSettings, vaultClean } from './clean.ts';
import { vaultSettings } from './open-named-vault.ts';
import { type RotateFlags, vaultRotate } from './rotate.ts';

/** `mailroom vault …`: care for the keys and secrets. */
export const vaultCommands = ({ program, io, done }: CommandTree): void => {
  const vault = program.command('vault').description('care for the master key and the secrets under it');

  withSettings(vault.command('rotate'), vaultSettings)
    .description('wrap every key under a new version of the master key, while everything goes on')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `${examples('mailroom vault rotate --vault vault --vault-key vault.key')}\nAn old version may go once no backup of the vault needs it.\n`,
    )
    .action(async (flags: RotateFlags) => done(await vaultRotate(flags, io)));

  withSettings(vault.command('clean'), cleanSettings)
    .description('remove secrets that nothing refers to any more, unless they are of the last day')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('mailroom vault clean --store mailroom.db --vault vault --vault-key vault.key'))
    .action(async (flags: CleanFlags) => done(await vaultClean(flags, io)));
};
