import { Command, CommanderError, Option } from 'commander';

/** What the reader asked for. */
export interface Options {
  /** A configuration file of the reader's own; undefined: the story on the sandbox. */
  readonly config: string | undefined;
  /** Forget what was stored before. */
  readonly reset: boolean;
  /** One JSON document on standard output, everything else on standard error. */
  readonly json: boolean;
  /** An `esdb:` address; undefined: a SQLite file in the data folder. */
  readonly store: string | undefined;
}

/** The arguments were wrong (`code` 2) or asked for help only (`code` 0); the text has been printed. */
export interface Leave {
  readonly _tag: 'Leave';
  readonly code: number;
}

export const readOptions = (argv: readonly string[]): Options | Leave => {
  const program = new Command('npm run quickstart --')
    .description('From a server profile to an enabled mailbox: on scripted mail servers, or on your own with --config.')
    .addOption(new Option('--config <file>', 'profiles and mailboxes of your own (docs/configuration.md)'))
    .addOption(
      new Option('--store <address>', 'keep the events in EventStoreDB, such as esdb://127.0.0.1:2113?tls=false'),
    )
    .addOption(new Option('--reset', 'forget what an earlier run stored').default(false))
    .addOption(new Option('--json', 'print one JSON document and nothing else').default(false))
    .exitOverride();
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { _tag: 'Leave', code: error.exitCode === 0 ? 0 : 2 };
    throw error;
  }
  if (program.args.length > 0) {
    console.error(
      `error: expected no further argument, and there ${program.args.length === 1 ? 'is one' : 'are some'}`,
    );
    return { _tag: 'Leave', code: 2 };
  }
  const options = program.opts<Options>();
  if (options.store !== undefined && !/^esdb(\+discover)?:\/\/\S+$/.test(options.store)) {
    console.error('error: --store: expected an address such as esdb://127.0.0.1:2113?tls=false');
    return { _tag: 'Leave', code: 2 };
  }
  return options;
};
