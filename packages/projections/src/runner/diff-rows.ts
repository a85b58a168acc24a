import type { Json, JsonObject } from '@mailroom/domain';

/** A row that is not the same on both sides; null: it is not there. */
export interface RowDifference {
  readonly key: string;
  readonly one: JsonObject | null;
  readonly other: JsonObject | null;
  /** Fields at the top of the row that differ. */
  readonly fields: readonly string[];
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same JSON, in whatever order its fields stand. */
const isSame = (one: Json | undefined, other: Json | undefined): boolean => {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value: Json, index) => isSame(value, other[index] as Json));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => isSame(one[key], other[key]));
};

/** What differs between two states of a view, by key in order. Pure. */
export const diffRows = (
  one: ReadonlyMap<string, JsonObject>,
  other: ReadonlyMap<string, JsonObject>,
): readonly RowDifference[] => {
  const differences: RowDifference[] = [];
  for (const key of [...new Set([...one.keys(), ...other.keys()])].sort()) {
    const [a, b] = [one.get(key) ?? null, other.get(key) ?? null];
    const names = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])];
    const fields = names.filter((name) => !isSame(a?.[name], b?.[name]));
    if (fields.length > 0 || (a === null) !== (b === null)) differences.push({ key, one: a, other: b, fields });
  }
  return differences;
};
