import { run } from '../program.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs the command in this process, as a program without a terminal would. */
export const mailroom = async (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> => {
  let out = '';
  let error = '';
  const io = {
    out: (text: string) => (out += text),
    error: (text: string) => (error += text),
    env,
    isTerminal: false,
    signal,
  };
  const code = await run(args, io);
  return { code, out, error };
};

/** The document of a run with `--json`. */
export const documentOf = <Document>({ out }: Ran): Document => JSON.parse(out) as Document;
