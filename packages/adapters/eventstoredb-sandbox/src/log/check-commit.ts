import { ANY, DELETED, NO_STREAM, STREAM_EXISTS } from './records.ts';

/** What the decision needs to know about the stream. */
export interface StreamFacts {
  /** Last revision, NO_STREAM when nothing was written, DELETED when it has a tombstone. */
  readonly last: bigint;
  readonly softDeleted: boolean;
  readonly hasMetadata: boolean;
  /** The id of the event at a revision of this stream. */
  readonly idAt: (revision: bigint) => string | undefined;
  /** The revision at which this stream got the id lately. */
  readonly recent: (id: string) => bigint | undefined;
}

export type CommitDecision =
  | { readonly is: 'write'; readonly reviving: boolean }
  | { readonly is: 'repeat'; readonly first: bigint; readonly last: bigint }
  | { readonly is: 'nothing' }
  | { readonly is: 'wrongRevision' }
  | { readonly is: 'deleted' };

/**
 * Whether events with these ids may be appended at the expected revision. An exact revision (or "no stream") is compared
 * with the stream itself, so a repeat is recognised for ever; "any" and "stream exists" only ask the ids of late.
 */
export function checkCommit(facts: StreamFacts, expected: bigint, ids: readonly string[]): CommitDecision {
  if (facts.last === DELETED) return { is: 'deleted' };
  if (expected === STREAM_EXISTS) {
    if (facts.softDeleted) return { is: 'deleted' };
    if (facts.last < 0n && !facts.hasMetadata) return { is: 'wrongRevision' };
  }
  if (expected === ANY || expected === STREAM_EXISTS) return checkRecent(facts, ids);
  if (expected < facts.last) return checkRepeat(facts, expected, ids);
  if (expected > facts.last) return { is: 'wrongRevision' };
  return ids.length === 0 ? { is: 'nothing' } : { is: 'write', reviving: facts.softDeleted };
}

function checkRecent(facts: StreamFacts, ids: readonly string[]): CommitDecision {
  const [first] = ids;
  if (first === undefined) return { is: 'nothing' };
  const start = facts.recent(first);
  if (start === undefined) return { is: 'write', reviving: facts.softDeleted };
  let last = start;
  for (const id of ids) {
    const revision = facts.recent(id);
    if (revision === undefined) return { is: 'wrongRevision' };
    last = revision;
  }
  return { is: 'repeat', first: start, last };
}

function checkRepeat(facts: StreamFacts, expected: bigint, ids: readonly string[]): CommitDecision {
  let revision = expected;
  for (const id of ids) {
    revision += 1n;
    if (facts.idAt(revision) === id) continue;
    const isFirst = revision === expected + 1n;
    if (isFirst && expected === NO_STREAM && facts.softDeleted) return { is: 'write', reviving: true };
    return { is: 'wrongRevision' };
  }
  return ids.length === 0 ? { is: 'wrongRevision' } : { is: 'repeat', first: expected + 1n, last: revision };
}
