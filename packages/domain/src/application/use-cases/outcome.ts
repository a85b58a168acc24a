import type { CommandFailure, Committed } from '../../kernel/aggregate.ts';
import type { Position } from '../../kernel/event-store.ts';
import type { Rejection } from '../../kernel/rejection.ts';
import type { Text } from '../../kernel/text.ts';
import type { DirectoryUnavailable, VaultUnavailable } from '../ports/index.ts';

/** What a command led to. */
export interface Outcome<Result> {
  /** Position of the last thing written, to wait for in a view; null when nothing was written. */
  readonly position: Position | null;
  readonly result: Result;
  /** What was done otherwise than asked, or along with it, and why. */
  readonly notes: readonly Text[];
  /** True when this very command had been carried out before: this is the outcome of then. */
  readonly duplicate: boolean;
}

/** The world says no: store, vault or directory. What passes by itself has been tried again already. */
export type Trouble = CommandFailure | VaultUnavailable | DirectoryUnavailable;

/** Why a command was not carried out: the domain says no (`isRejection`), or the world does. */
export type Refusal = Rejection | Trouble;

const troubles: Readonly<Record<Trouble['_tag'], true>> = {
  StoreUnavailable: true,
  StoreRefused: true,
  WrongExpectedRevision: true,
  OutcomeUnknown: true,
  TooLarge: true,
  EventUndecodable: true,
  VaultUnavailable: true,
  DirectoryUnavailable: true,
};

/** Tells a "no" of the domain, with its sentence for people, from trouble with store, vault or directory. */
export const isRejection = (refusal: Refusal): refusal is Rejection => !Object.hasOwn(troubles, refusal._tag);

/** The outcome of a command that came down to these writes. */
export const outcomeOf = <Result>(
  result: Result,
  writes: readonly Committed[],
  notes: readonly Text[] = [],
): Outcome<Result> => {
  let position: Position | null = null;
  for (const write of writes) {
    if (write.position !== null && (position === null || write.position > position)) position = write.position;
  }
  const effective = writes.filter(({ events }) => events.length > 0);
  return { position, result, notes, duplicate: effective.length > 0 && effective.every(({ duplicate }) => duplicate) };
};
