import { afterAll, beforeAll, describe } from 'vitest';
import type { EventStore } from '../kernel/event-store.ts';
import { appendingLaws } from './event-store-laws/appending.ts';
import { closingLaws } from './event-store-laws/closing.ts';
import { limitLaws } from './event-store-laws/limits.ts';
import { readingLaws } from './event-store-laws/reading.ts';
import { registeringLaws } from './event-store-laws/registering.ts';
import { subscribingLaws } from './event-store-laws/subscribing.ts';
import type { EventStoreUnderTest, Subject } from './event-store-laws/support.ts';

export type { EventStoreUnderTest } from './event-store-laws/support.ts';

/**
 * What every event store has to keep. Call it at the top of a test file. `open` is called once; every law uses names
 * of its own, so the store may hold a history, be a server shared with others, and keep what the laws wrote.
 */
export const eventStoreLaws = (name: string, open: () => Promise<EventStoreUnderTest>): void => {
  describe(`event store: ${name}`, () => {
    let opened: EventStoreUnderTest | undefined;
    const others: EventStore[] = [];

    const subject = (): Subject => {
      if (opened === undefined) throw new Error('the store did not open');
      const { store, reopen } = opened;
      return {
        store,
        reopen: async () => {
          const other = await reopen();
          others.push(other);
          return other;
        },
      };
    };

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      for (const other of others) await other.close();
      await opened?.close();
    });

    describe('appending', () => appendingLaws(subject));
    describe('limits and values', () => limitLaws(subject));
    describe('reading', () => readingLaws(subject));
    describe('subscribing', () => subscribingLaws(subject));
    describe('the referee between processes', () => registeringLaws(subject));
    describe('several processes, and closing', () => closingLaws(subject));
  });
};
