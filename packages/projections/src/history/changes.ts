import type { HistoryChange } from '../queries/rows.ts';

type Scalar = HistoryChange['before'];

/** Of no interest to a reader: counters and instants that every event moves, and what the sentence says already. */
const unsaid =
  /^(changedAt|registeredAt|createdAt|evidence|configuration|personId|secretId|test|channels\.\w+\.(steps|testedAt|warnings|attempt))(\.|$)/;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const scalarOf = (value: unknown): Scalar => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
};

const flatten = (row: unknown, path: string, into: Map<string, Scalar>): Map<string, Scalar> => {
  for (const [key, value] of Object.entries(isObject(row) ? row : {})) {
    const at = path === '' ? key : `${path}.${key}`;
    if (unsaid.test(at)) continue;
    if (isObject(value)) flatten(value, at, into);
    else into.set(at, scalarOf(value));
  }
  return into;
};

/** Every field of a row that an event changed, with its old and its new value; null: there was none, or is none now. */
export const changesBetween = (before: unknown, after: unknown): readonly HistoryChange[] => {
  const old = flatten(before, '', new Map());
  const fresh = flatten(after, '', new Map());
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((field) => {
    const change = { field, before: old.get(field) ?? null, after: fresh.get(field) ?? null };
    return change.before === change.after ? [] : [change];
  });
};
