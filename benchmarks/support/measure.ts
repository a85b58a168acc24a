import { cpus } from 'node:os';

/** What one run of something took. */
export interface Spent {
  /** Milliseconds that passed. */
  readonly wall: number;
  /** Milliseconds of this process's own work, user and system. */
  readonly cpu: number;
}

/** Runs it once and says what it took. */
export const spent = async (work: () => unknown): Promise<Spent> => {
  // Waste of what ran before is not this run's; only a process started with --expose-gc can do that.
  (globalThis as { readonly gc?: () => void }).gc?.();
  const cpu = process.cpuUsage();
  const wall = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: performance.now() - wall, cpu: (user + system) / 1000 };
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
};

export interface Options {
  readonly rounds: number;
}

/** A figure: its name, and what the reader of the table should know. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly note: string;
}

/** Figures that are measured together. `names` lets a caller pick without running. */
export interface Bench {
  readonly names: readonly string[];
  readonly run: (options: Options) => Promise<readonly Figure[]>;
}

/**
 * Ours and the limit in turns, so that both meet the same machine; the median of the ratios of the rounds. Each
 * function returns units per millisecond, whatever the unit.
 */
export const ratio = async (
  { rounds }: Options,
  ours: () => Promise<number>,
  limit: () => Promise<number>,
): Promise<{ readonly ratio: number; readonly ours: number; readonly limit: number }> => {
  const all: { readonly ours: number; readonly limit: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    // Whoever goes first meets a colder machine: take turns.
    if (round % 2 === 0) {
      const first = await ours();
      all.push({ ours: first, limit: await limit() });
    } else {
      const first = await limit();
      all.push({ ours: await ours(), limit: first });
    }
  }
  return {
    ratio: median(all.map((round) => round.ours / round.limit)),
    ours: median(all.map((round) => round.ours)),
    limit: median(all.map((round) => round.limit)),
  };
};

export const machine = (): Readonly<Record<string, string | number>> => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
});

/** 12,345 a second. */
export const perSecond = (perMillisecond: number): string =>
  `${Math.round(perMillisecond * 1000).toLocaleString('en')}/s`;
