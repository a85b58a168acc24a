import type { Command } from 'commander';
import { type CommandTree, examples } from '../command-tree.ts';
import { historySettings } from '../open-history.ts';
import { withSettings } from '../settings.ts';
import { type AsOfFlags, auditAsOf } from './as-of.ts';
import { type AnchorFlags, anchorSettings, auditAnchor } from './anchor.ts';
import { auditErase, type EraseFlags } from './erase.ts';
import { auditExport, type ExportFlags } from './export.ts';
import { auditKey } from './key.ts';
import { auditVerify, type VerifyFlags, verifySettings } from './verify.ts';
import { auditTrail, type TrailFlags } from './trail.ts';

const withScope = (command: Command): Command =>
  command
    .option('--mailbox <id>', 'only this mailbox')
    .option('--profile <id>', 'only this profile')
    .option('--actor <id>', 'only what this person or automatic actor did')
    .option('--since <time>', 'only from this date or date-time on (UTC unless it says otherwise)')
    .option('--until <time>', 'only before this date or date-time')
    .option('--organization <id>', 'only this organization; default: all');

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const none: readonly string[] = [];

const json = ['--json', 'print one JSON document'] as const;

/** `mailroom audit …`: what the history says. */
export const auditCommands = ({ program, io, done }: CommandTree): void => {
  const audit = program.command('audit').description('what the history says, and whether it is what was written');

  withScope(withSettings(audit.command('trail'), historySettings))
    .description('who did what when, by which command and why, with old and new values')
    .option(...json)
    .addHelpText(
      'after',
      examples(
        'mailroom audit trail --store mailroom.db --vault vault --vault-key vault.key',
        'mailroom audit trail --store mailroom.db --since 2026-01-01 --actor ada --json',
        '# everything that ever happened to one mailbox',
        'mailroom audit trail --store esdb://localhost:2113?tls=false --mailbox 94bc749d-7a34-58dd-a104-d190f6558810',
      ),
    )
    .action(async (flags: TrailFlags) => done(await auditTrail(flags, io)));

  withSettings(audit.command('as-of'), historySettings)
    .description('mailboxes and profiles as they were at a moment')
    .argument('<time>', 'a date (its beginning) or a date-time, UTC unless it says otherwise')
    .option('--mailbox <id>', 'only this mailbox, with all of its fields')
    .option('--profile <id>', 'only this profile, with all of its fields')
    .option('--organization <id>', 'only this organization; default: all')
    .option('--view <name>', 'the rows of this view; default: mailboxes and profiles')
    .option(...json)
    .addHelpText(
      'after',
      examples(
        'mailroom audit as-of 2026-03-01 --store mailroom.db --vault vault --vault-key vault.key',
        'mailroom audit as-of 2026-03-01T12:30Z --store mailroom.db --view alerts --json',
      ),
    )
    .action(async (time: string, flags: AsOfFlags) => done(await auditAsOf(time, flags, io)));

  withScope(withSettings(audit.command('export'), historySettings))
    .description('the trail as a file, line by line; that it was exported, and by whom, is recorded')
    .requiredOption('--format <format>', 'ndjson, or csv (which a spreadsheet cannot execute)')
    .option('--out <file>', 'a new file; default: standard output')
    .option('--as <id>', 'who exports; default: the name you are logged in with')
    .option('--json', 'with --out: print one JSON document about the export')
    .addHelpText(
      'after',
      examples(
        'mailroom audit export --store mailroom.db --vault vault --vault-key vault.key --format csv --out trail.csv',
        'mailroom audit export --store mailroom.db --since 2026-01-01 --format ndjson | gzip > trail.ndjson.gz',
      ),
    )
    .action(async (flags: ExportFlags) => done(await auditExport(flags, io)));

  withSettings(audit.command('verify'), verifySettings)
    .description('whether the history is what was written, and kept views are what it says')
    .option('--anchor <file>', 'an anchor that was taken earlier; repeatable', collect, none)
    .option('--public-key <file>', 'the key that must have signed it, in PEM; default: the one that it names')
    .option(...json)
    .addHelpText(
      'after',
      examples(
        'mailroom audit verify --store mailroom.db --views views.db --vault vault --vault-key vault.key',
        '# also finds a history that was cut off, or rewritten as a whole',
        'mailroom audit verify --store mailroom.db --anchor 2026-01-01.json --public-key audit.pub',
      ),
    )
    .action(async (flags: VerifyFlags) => done(await auditVerify(flags, io)));

  withSettings(audit.command('anchor'), anchorSettings)
    .description('verify the chain and print its head, signed, to keep where nobody can write who can write the store')
    .requiredOption('--key <file>', 'the Ed25519 private key that signs, in PEM')
    .option(...json)
    .addHelpText('after', examples('mailroom audit anchor --store mailroom.db --key audit.key > 2026-01-01.json'))
    .action(async (flags: AnchorFlags) => done(await auditAnchor(flags, io)));

  audit
    .command('key')
    .description('print the public key of a key that signs anchors')
    .argument('<file>', 'the key file')
    .option('--new', 'make the private key first')
    .option(...json)
    .addHelpText('after', examples('mailroom audit key audit.key --new > audit.pub'))
    .action((file: string, flags: { readonly new?: boolean; readonly json?: boolean }) =>
      done(auditKey(file, flags, io)),
    );

  withSettings(audit.command('erase'), historySettings)
    .description('delete the key of a person, so that nothing that is kept of them can be read any more')
    .argument('<person>', 'the id of the user or queue in your application; of the forward mailbox, or of the profile')
    .option('--kind <kind>', 'user, queue, forward, or profile (its own account)', 'user')
    .option('--organization <id>', 'whose; default: the only one of the history')
    .option('--as <id>', 'who erases; default: the name you are logged in with')
    .option('--dry-run', 'only show what would become unreadable')
    .option('--yes', 'do not ask')
    .option(...json)
    .addHelpText(
      'after',
      examples(
        'mailroom audit erase ada --store mailroom.db --vault vault --vault-key vault.key --dry-run',
        'mailroom audit erase support --kind queue --store mailroom.db --vault vault --vault-key vault.key --yes',
      ),
    )
    .action(async (person: string, flags: EraseFlags) => done(await auditErase(person, flags, io)));
};
