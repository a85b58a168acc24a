import type { Bench, Figure } from './measure.ts';
import { machine } from './measure.ts';

/** Whether `--only NAME` asks for this figure: the figure itself, or all whose name starts with `NAME.`. */
const isAsked = (name: string, only: string | undefined): boolean =>
  only === undefined || name === only || name.startsWith(`${only}.`);

/**
 * The command line of a bench: `--json` prints one document, `--only NAME` picks figures, `--quick` takes one round.
 * Exits with 2 when no figure has that name.
 */
export const runBenches = async (benches: readonly Bench[], args: readonly string[]): Promise<void> => {
  const at = args.indexOf('--only');
  const only = at < 0 ? undefined : args[at + 1];
  const asJson = args.includes('--json');
  const rounds = args.includes('--quick') ? 1 : 5;

  const asked = benches.filter(({ names }) => names.some((name) => isAsked(name, only)));
  if (asked.length === 0) {
    console.error(`--only: expected one of ${benches.flatMap(({ names }) => names).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const figures: Figure[] = [];
  if (!asJson) console.log(Object.values(machine()).join(' · '));
  for (const bench of asked) {
    for (const figure of await bench.run({ rounds })) {
      if (!isAsked(figure.name, only)) continue;
      figures.push(figure);
      if (!asJson) console.log(`${figure.name.padEnd(34)}${figure.value.toFixed(2).padStart(9)}   ${figure.note}`);
    }
  }
  if (asJson) {
    const values = Object.fromEntries(figures.map(({ name, value }) => [name, value]));
    console.log(JSON.stringify({ machine: machine(), figures: values }));
  }
};
