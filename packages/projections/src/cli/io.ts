/** What a subcommand may touch: so that it can be run in a test as a whole. */
export interface Io {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Resolves when whoever reads standard output has taken enough of it to be given more. */
  readonly flushed?: () => Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Both streams are a terminal of a person. */
  readonly isTerminal: boolean;
  /** Standard error is one: progress can be shown there while the output goes into a file. */
  readonly showsProgress?: boolean;
  /** Asks the person at the terminal; there is none where this is missing. */
  readonly ask?: (question: string) => Promise<string>;
  /** Aborts at the first signal to stop. */
  readonly signal: AbortSignal;
}

/** 0 done or passed, 1 the answer is no, 2 bad input, 3 our own trouble. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Input that does not fit: every finding, by the option or argument it is about. Never holds the value of a secret. */
export class BadInput extends Error {
  readonly findings: readonly string[];
  constructor(findings: readonly string[]) {
    super(findings.join('\n'));
    this.name = 'BadInput';
    this.findings = findings;
  }
}

/** Our own trouble, in a sentence for whoever runs the command. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
}

/** The one document of `--json`. */
export const printJson = (io: Io, document: unknown): void => io.out(`${JSON.stringify(document, null, 2)}\n`);
