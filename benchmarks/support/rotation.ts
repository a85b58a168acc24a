import { median, type Options } from './measure.ts';

/** Units per millisecond of one contender in every round. */
export type Rates<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/**
 * Several contenders in each round, so that all meet the same machine; every round another goes first, because whoever
 * does meets a colder one.
 */
export const inTurns = async <Name extends string>(
  { rounds }: Options,
  contenders: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Rates<Name>> => {
  const names = Object.keys(contenders) as Name[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    const shift = round % names.length;
    for (const name of [...names.slice(shift), ...names.slice(0, shift)]) rates[name].push(await contenders[name]());
  }
  return rates;
};

/** The median of the ratios of the rounds. */
export const ratioOf = (ours: readonly number[], limit: readonly number[]): number =>
  median(ours.map((rate, round) => rate / (limit[round] ?? Number.NaN)));
