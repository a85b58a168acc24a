/** Something in the input that is not as it should be: where, and what was expected. Never what was found. */
export interface Finding {
  /** Such as `profiles[0].incoming.port`. */
  readonly path: string;
  readonly problem: string;
}

/** The sentence for a person. */
export const sentenceOf = ({ path, problem }: Finding): string => (path === '' ? problem : `${path}: ${problem}`);

/** A key that looks like this one, for the commonest slip. Undefined when none is near. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distanceBetween(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
};

/** Levenshtein's: how many single letters have to change. */
const distanceBetween = (one: string, other: string): number => {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const swap = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
};
