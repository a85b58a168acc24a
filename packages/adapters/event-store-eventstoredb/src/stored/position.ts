import type { Position as ServerPosition } from '@eventstore/db-client';
import type { Position } from '@mailroom/domain';

/** Digits of the largest 64-bit number. */
const DIGITS = 20;
const FORM = new RegExp(`^(\\d{${DIGITS}})/(\\d{${DIGITS}})$`);

const ZEROS = '0'.repeat(DIGITS);
const LARGEST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** As many digits as the largest has. Every event has a position, and numbers are printed several times as fast as bigints. */
function half(value: number | bigint): string {
  const digits = typeof value === 'number' || value > LARGEST_EXACT ? String(value) : String(Number(value));
  return ZEROS.slice(digits.length) + digits;
}

/** Both halves, zero-padded: compares as a string as the server compares the numbers, commit before prepare. */
export function positionOf({ commit, prepare }: Readonly<Record<keyof ServerPosition, number | bigint>>): Position {
  const first = half(commit);
  // They are equal for everything that was written by gRPC, and big numbers are slow to print.
  return `${first}/${commit === prepare ? first : half(prepare)}` as Position;
}

/** The server's form; undefined for text that is no position of this store. */
export function serverPositionOf(position: Position): ServerPosition | undefined {
  const [, commit, prepare] = FORM.exec(position) ?? [];
  return commit === undefined || prepare === undefined
    ? undefined
    : { commit: BigInt(commit), prepare: BigInt(prepare) };
}

/** The newest position that this store has heard of, by whichever way. */
export class Newest {
  #position: Position | null = null;

  get position(): Position | null {
    return this.#position;
  }

  note(position: Position): void {
    if (this.#position === null || position > this.#position) this.#position = position;
  }
}
