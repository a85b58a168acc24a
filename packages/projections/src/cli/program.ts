import { Command, CommanderError } from 'commander';
import { OpenFailure } from '../host/open-failure.ts';
import { auditCommands } from './audit/commands.ts';
import type { CheckFlags } from './check-options.ts';
import { check } from './check.ts';
import { scrubber } from '../operations/scrub.ts';
import { examples } from './command-tree.ts';
import { BadInput, type ExitCode, type Io, Trouble } from './io.ts';
import { vaultCommands } from './vault/commands.ts';
import { projectionsCommands } from './projections/commands.ts';
import { suggest, type SuggestFlags } from './suggest.ts';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const none: readonly string[] = [];

const exitCodes = '\nExit codes: 0 done or passed, 1 the answer is no, 2 bad input, 3 our own trouble.\n';

const build = (io: Io, done: (code: ExitCode) => void): Command => {
  const program = new Command('mailroom')
    .description('Mailboxes that work: check them, follow their history, run their views.')
    .addHelpText('after', exitCodes)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.error })
    .showHelpAfterError('(mailroom --help shows what there is)');

  program
    .command('check')
    .description(
      'try one account at one mail server, step by step; nothing is stored, and nothing is sent without --round-trip',
    )
    .argument('<protocol>', 'imap, pop3 or smtp')
    .argument('<host>', 'host name or IP address')
    .argument('[port]', 'default: the registered port of the protocol')
    .option('--tls <mode>', 'tls, starttls or none; default: the one that belongs to the port')
    .requiredOption('--user <name>', 'the user name at the mail server')
    .requiredOption('--password-env <variable>', 'the environment variable that holds the password')
    .option('--from <address>', 'the address to send from (smtp); default: the user name')
    .option('--ca <file>', 'trust this certificate authority too (PEM); repeatable', collect, none)
    .option('--allow <cidr>', 'permit these private or loopback addresses; repeatable', collect, none)
    .option('--allow-unencrypted', 'permit a connection without TLS, password included')
    .option('--timeout <seconds>', 'the longest the whole check may take')
    .option(
      '--round-trip <server>',
      'smtp: then send a real message from the mailbox to itself, find it at imap://HOST[:PORT] or pop3://HOST[:PORT] (waits up to two minutes) and remove it; told apart from the check',
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'ADA=secret mailroom check imap mail.example.org --user ada@example.org --password-env ADA',
        'ADA=secret mailroom check smtp mail.example.org --user ada@example.org --password-env ADA --round-trip imap://mail.example.org',
      ),
    )
    .action(async (protocol: string, host: string, port: string | undefined, flags: CheckFlags) =>
      done(await check(protocol, host, port, flags, io)),
    );

  program
    .command('suggest')
    .description('server settings for an address, each of them reached but not logged in to')
    .argument('<address>', 'the email address')
    .option('--ports <ports>', 'only these ports: 465,587,993, government-2017 or commercial-2025')
    .option('--ca <file>', 'trust this certificate authority too (PEM); repeatable', collect, none)
    .option('--allow <cidr>', 'permit these private or loopback addresses; repeatable', collect, none)
    .option('--timeout <seconds>', 'the longest the whole search may take; default 45')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples('mailroom suggest ada@example.org', 'mailroom suggest ada@example.org --ports 465,587 --json'),
    )
    .action(async (address: string, flags: SuggestFlags) => done(await suggest(address, flags, io)));

  auditCommands({ program, io, done });
  projectionsCommands({ program, io, done });
  vaultCommands({ program, io, done });
  return program;
};

/** Runs the command. Never throws; everything that goes wrong is a sentence on standard error and an exit code. */
export const run = async (args: readonly string[], given: Io): Promise<ExitCode> => {
  // What a driver says about an address may hold the password in it.
  const scrub = scrubber();
  const io: Io = { ...given, error: (text) => given.error(scrub(text)) };
  let code: ExitCode = 0;
  try {
    await build(io, (ended) => (code = ended)).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof BadInput) {
      io.error(`${error.findings.join('\n')}\n`);
      return 2;
    }
    const known = error instanceof Trouble || error instanceof OpenFailure;
    io.error(
      `${known ? error.message : `Unexpected trouble: ${error instanceof Error ? error.message : 'unknown'}`}\n`,
    );
    return 3;
  }
};
