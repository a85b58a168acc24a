import type { DomainEvent, EventFamily, Position, Seal } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { View } from '../runner/definition.ts';
import { chained, chainedTypes, noHash } from './chain.ts';

/** The chain as far as it has been followed: its head, and seals of earlier places. */
export interface ChainRow {
  readonly events: number;
  readonly position: Position;
  readonly hash: string;
  /** The oldest first; one for so many events, fewer the longer the history is. */
  readonly seals: readonly Seal[];
  readonly every: number;
}

const mostSeals = 128;
const firstEvery = 64;

/** Events as they stand in the store: the chain asks nobody what they mean. */
const asStored: EventFamily<DomainEvent> = {
  types: chainedTypes,
  definitions: [],
  encode: () => {
    throw new Error('nothing is written through the chain');
  },
  decode: ({ type, data }) => E.right({ type, data }),
};

const withSeal = (row: ChainRow): ChainRow => {
  if (row.events % row.every !== 0) return row;
  const seals = [...row.seals, { position: row.position, hash: row.hash }];
  return seals.length < mostSeals
    ? { ...row, seals }
    : { ...row, seals: seals.filter((_, index) => index % 2 === 1), every: 2 * row.every };
};

export const chainKey = 'chain';

/**
 * Chains the history of a store that does not chain it itself, while it is written: whoever changes what lies before
 * the head later has to change these rows too. Fold it over the store itself, not over opened personal data.
 */
export const chainView: View<ChainRow> = {
  name: 'chain',
  version: 1,
  events: asStored,
  keys: () => [chainKey],
  evolve: (row, _event, _key, recorded) =>
    withSeal({
      events: (row?.events ?? 0) + 1,
      position: recorded.position,
      hash: chained(row?.hash ?? noHash, recorded),
      seals: row?.seals ?? [],
      every: row?.every ?? firstEvery,
    }),
};

/** Everything that the row vouches for. */
export const sealsIn = ({ seals, position, hash }: ChainRow): readonly Seal[] => [...seals, { position, hash }];
