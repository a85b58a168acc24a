import type { Either } from 'fp-ts/lib/Either.js';
import type { Actor, Privilege } from '../../kernel/command.ts';
import type { Position } from '../../kernel/event-store.ts';

/** The values a row can be filtered by and sorted on. */
export type Comparable = string | number | boolean | null;

/** What to find. All parts may be left out; those given must all hold. */
export interface Query {
  /** A named list of the view, such as `active`, `inactive`, `pendingApproval`. */
  readonly list?: string;
  /** Exact values by field, or several of which one must fit. Nested: `channels.incoming.status`. */
  readonly where?: Readonly<Record<string, Comparable | readonly Comparable[]>>;
  /** Words that must all occur, without regard to case, in the texts of the row that people read. */
  readonly text?: string;
  readonly sort?: { readonly by: string; readonly descending?: boolean };
  /** From the page before: `page.next`. */
  readonly after?: string;
  /** 1 to 1000; default 100. */
  readonly limit?: number;
  /** Wait until the view has taken in everything up to this position: a command's own answer, for example. */
  readonly atLeast?: Position | null;
}

/** Rows, and how to get at those that follow. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** For `after`, when there is more; else null. */
  readonly next: string | null;
  readonly total: number;
  /** How far the view had come. */
  readonly position: Position | null;
}

/** A view could not answer: it has stopped, or the query makes no sense. */
interface NotAnswered {
  readonly _tag: 'NotReached' | 'InvalidQuery';
  readonly problem: string;
}

/** The actor may not ask this: `privilege` is missing. `problem` is the sentence for people. */
export interface QueryRefused {
  readonly _tag: 'PrivilegeMissing';
  readonly problem: string;
  readonly privilege: Privilege;
}

export type QueryFailure = NotAnswered | QueryRefused;

/**
 * Reading, for people. The actor comes along: owners see their own, administrators all of their organization, and what
 * belongs to another organization does not exist. What needs a privilege of its own is refused by its name, and the
 * refusal is kept for the audit trail. `Rows` maps each view to its rows.
 */
export interface Queries<Rows extends object> {
  readonly find: <View extends keyof Rows & string>(
    view: View,
    actor: Actor,
    query: Query,
  ) => Promise<Either<QueryFailure, Page<Rows[View]>>>;
}
