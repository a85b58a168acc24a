import type { DomainEvent } from '../kernel/events.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import type { Intent, ProcessManager } from '../kernel/process-manager.ts';
import { organizationId } from './sample-mailbox.ts';

/** What made the nth event of a history happen, as instructions name it. */
export const causeOfEvent = (n: number) => ({ correlationId: `correlation ${n}`, eventId: `event ${n}` });

/** What this row of a policy owes after these events, numbered from 1. Events of other rows pass by. */
export const owedAfter = <Row, Event extends DomainEvent, Instruction>(
  manager: ProcessManager<Row, Event, Instruction>,
  key: string,
  events: readonly Event[],
): readonly Intent<Instruction>[] => {
  const row = rowAfter(manager, key, events);
  return row === undefined ? [] : manager.intents(row, key);
};

/** The row after these events. */
export const rowAfter = <Row, Event extends DomainEvent, Instruction>(
  manager: ProcessManager<Row, Event, Instruction>,
  key: string,
  events: readonly Event[],
): Row | undefined =>
  events.reduce<Row | undefined>((row, event, index) => {
    if (!manager.keys(event).includes(key)) return row;
    const { correlationId, eventId } = causeOfEvent(index + 1);
    const recorded = { id: eventId, metadata: { correlationId, organizationId } } as unknown as RecordedEvent;
    return manager.evolve(row, event, key, recorded);
  }, undefined);
