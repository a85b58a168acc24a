import { colours } from '../colours.ts';
import type { BuildDifference, Projections } from '../../host/index.ts';
import type { FollowerProgress } from '../../runner/progress.ts';
import { BadInput, type ExitCode, type Io, printJson } from '../io.ts';
import { type ProgressBar, progressBar } from '../progress-bar.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { plain, printTable } from '../table.ts';
import { buildSettings, type OpenOptions, openBuilds, orEnd } from './open.ts';

export type BuildFlags = SettingFlags & { readonly json?: boolean };

const versionOf = (name: string, text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new BadInput([`${name}: expected the number of a build (mailroom projections list)`]);
};

const withBuilds = async (
  flags: BuildFlags,
  io: Io,
  options: OpenOptions,
  work: (projections: Projections) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const { settings } = resolveSettings(flags, io, buildSettings);
  const projections = await openBuilds(settings, options);
  try {
    return await work(projections);
  } finally {
    await projections.close();
  }
};

/** Shows what is left of what there was at the first report. */
const barOf = (io: Io, name: string) => {
  let bar: ProgressBar | undefined;
  let most = 0;
  return {
    show: ({ lagEvents, lagBytes }: FollowerProgress): void => {
      const left = lagEvents ?? lagBytes;
      if (left === null) return;
      most = Math.max(most, left);
      bar ??= progressBar(io, `rebuilding ${name}`, most, lagEvents === null ? 'bytes' : 'events');
      bar.at(most - left);
    },
    end: (): void => bar?.end(),
  };
};

/** Builds a view anew beside the build that readers see, then switches. */
export const rebuildView = (name: string, flags: BuildFlags, io: Io): Promise<ExitCode> =>
  withBuilds(flags, io, { needsVault: true, mayBeNew: false }, async (projections) => {
    const bar = barOf(io, name);
    const rebuilt = await projections.rebuild(name, { signal: io.signal, onProgress: bar.show }).finally(bar.end);
    const { version, before, events } = orEnd(rebuilt);
    if (flags.json === true) printJson(io, { name, version, before, events });
    else {
      const old =
        before === null ? '' : `, after build ${before}, which is kept: mailroom projections drop ${name} ${before}`;
      io.out(`${colours.green('✓')} Readers of ${name} see build ${version}, made of ${events} events${old}\n`);
    }
    return 0;
  });

const shown = (row: BuildDifference['differences'][number]['one'], field: string): string =>
  row === null ? '(no row)' : plain(JSON.stringify(row[field] ?? null));

const printDifferences = (io: Io, { differences }: BuildDifference, versions: readonly [string, string]): void =>
  printTable(
    io,
    ['key', 'field', `build ${versions[0]}`, `build ${versions[1]}`],
    differences.flatMap(({ key, fields, one, other }) =>
      fields.map((field) => [plain(key), field, shown(one, field), shown(other, field)]),
    ),
  );

/** What differs between the rows of two builds. Exit code 1: they are not the same. */
export const diffBuilds = (
  name: string,
  versions: readonly [string, string],
  flags: BuildFlags,
  io: Io,
): Promise<ExitCode> =>
  withBuilds(flags, io, { needsVault: true, mayBeNew: false }, async (projections) => {
    const [one, other] = [versionOf('V1', versions[0]), versionOf('V2', versions[1])];
    const difference = orEnd(await projections.diff(name, one, other));
    const { differences } = difference;
    if (flags.json === true) printJson(io, { name, ...difference });
    else if (differences.length > 0) printDifferences(io, difference, versions);
    else io.out(`${colours.green('✓')} The rows of builds ${one} and ${other} of ${name} are the same.\n`);
    if (difference.one.position !== difference.other.position) {
      io.error(
        `They stand at different positions: ${difference.one.position ?? 'none'}, ${difference.other.position ?? 'none'}.\n`,
      );
    }
    return differences.length === 0 ? 0 : 1;
  });

const afterwards = { activate: 'is what readers see', drop: 'is gone' } as const;

/** Lets readers see a build, or drops one that they no longer need. */
export const changeBuild = (
  what: keyof typeof afterwards,
  name: string,
  version: string,
  flags: BuildFlags,
  io: Io,
): Promise<ExitCode> =>
  withBuilds(flags, io, { needsVault: false, mayBeNew: false }, async (projections) => {
    const build = versionOf('VERSION', version);
    orEnd(await projections[what](name, build));
    if (flags.json === true) printJson(io, { name, version: build, done: what });
    else io.out(`${colours.green('✓')} Build ${build} of ${name} ${afterwards[what]}.\n`);
    return 0;
  });

/** Keys that wait behind an event that could not be applied. */
export const parkedList = (name: string | undefined, flags: BuildFlags, io: Io): Promise<ExitCode> =>
  withBuilds(flags, io, { needsVault: false, mayBeNew: false }, async (projections) => {
    const parked = orEnd(await projections.parked.list(name));
    if (flags.json === true) printJson(io, { parked });
    else if (parked.length === 0) io.out('Nothing is parked.\n');
    else {
      printTable(
        io,
        ['projection', 'key', 'events', 'first', 'reason'],
        parked.map((one) => [
          one.name,
          one.key,
          String(one.events.length),
          one.events[0]?.position ?? '-',
          plain(one.reason),
        ]),
      );
    }
    return 0;
  });

export type DropFlags = BuildFlags & { readonly yes?: boolean };

const confirmDrop = async (key: string, { yes }: DropFlags, io: Io): Promise<boolean> => {
  if (yes === true) return true;
  if (io.ask === undefined) throw new BadInput(['--yes: expected, because there is no terminal to ask at']);
  return (await io.ask(`The row goes on without these events. Give up what waits for ${key}? [y/N] `)).trim() === 'y';
};

/** Applies what waits with the code as it is now. Exit code 1: it still cannot be applied. */
export const parkedRetry = (name: string, key: string, flags: BuildFlags, io: Io): Promise<ExitCode> =>
  withBuilds(flags, io, { needsVault: true, mayBeNew: false }, async (projections) => {
    const retried = await projections.parked.retry(name, key);
    if (retried._tag === 'Left' && retried.left._tag === 'StillParked') {
      if (flags.json === true) printJson(io, { name, key, applied: false, problem: retried.left.problem });
      else io.error(`It still cannot be applied: ${retried.left.problem}\n`);
      return 1;
    }
    const { events } = orEnd(retried);
    if (flags.json === true) printJson(io, { name, key, applied: true, events: events.length });
    else io.out(`${colours.green('✓')} ${events.length} events were applied; the key no longer waits.\n`);
    return 0;
  });

/** Gives up what waits: the row goes on without those events. */
export const parkedDrop = (name: string, key: string, flags: DropFlags, io: Io): Promise<ExitCode> =>
  withBuilds(flags, io, { needsVault: false, mayBeNew: false }, async (projections) => {
    if (!(await confirmDrop(key, flags, io))) {
      io.error('Nothing was dropped.\n');
      return 1;
    }
    const { events } = orEnd(await projections.parked.drop(name, key));
    if (flags.json === true) printJson(io, { name, key, dropped: events.length });
    else io.out(`${colours.green('✓')} ${events.length} events were given up; the key no longer waits.\n`);
    return 0;
  });
