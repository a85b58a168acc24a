import type { Aggregate } from '../kernel/aggregate.ts';
import type { CommandContext } from '../kernel/command.ts';
import { type Decider, type Decision, happened, nothingHappened } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { PersonId } from '../values/index.ts';
import { type Event, events, PersonErased, type PersonKind } from './events.ts';

export { type Event, events, PersonErased, PersonKind } from './events.ts';

/** The person's key has been deleted: the record of it. */
export interface RecordErasure {
  readonly type: 'ErasePerson';
  readonly context: CommandContext;
  readonly personId: PersonId;
  readonly kind: PersonKind;
}

export interface State {
  readonly erased: boolean;
}

const decide = ({ context, personId, kind }: RecordErasure, { erased }: State): Decision<Event, never> =>
  erased ? nothingHappened : happened(PersonErased({ organizationId: context.actor.organizationId, personId, kind }));

/** That a person was erased, once and for ever. */
export const decider: Decider<RecordErasure, Event, State, never> = {
  initialState: { erased: false },
  decide,
  evolve: () => ({ erased: true }),
};

/** The stream of a person: nothing but that they were erased. */
export const streamOf = (personId: PersonId): StreamName => StreamName.orThrow(`person-${personId}`);

/** Erasures, ready for a repository. */
export const aggregate: Aggregate<RecordErasure, Event, State, never> = {
  name: 'person',
  decider,
  events,
  streamOf: ({ personId }) => streamOf(personId),
};
