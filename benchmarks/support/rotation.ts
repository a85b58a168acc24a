import { median, type Options } from './measure.ts';

/** What one contender spent in every round, in milliseconds. */
export type Costs<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/**
 * Several contenders take turns in slices of their work, so that all meet the same machine, however its load changes;
 * with every slice another goes first. Each does one slice of its work when called and says what that cost.
 */
export const inTurns = async <Name extends string>(
  { rounds }: Options,
  slices: number,
  contenders: Readonly<Record<Name, (round: number) => Promise<number>>>,
): Promise<Costs<Name>> => {
  const names = Object.keys(contenders) as Name[];
  const costs = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    const sums = new Map(names.map((name) => [name, 0]));
    for (let slice = 0; slice < slices; slice += 1) {
      const shift = (round + slice) % names.length;
      for (const name of [...names.slice(shift), ...names.slice(0, shift)]) {
        sums.set(name, (sums.get(name) ?? 0) + (await contenders[name](round)));
      }
    }
    for (const [name, sum] of sums) costs[name].push(sum);
  }
  return costs;
};

/** How much more the other one spent: the median of the ratios of the rounds. */
export const ratioOf = (ours: readonly number[], other: readonly number[]): number =>
  median(ours.map((cost, round) => (other[round] ?? Number.NaN) / cost));
