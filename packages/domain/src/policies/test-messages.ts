import { OrganizationId } from '../kernel/command.ts';
import { eventFamily, type EventOf } from '../kernel/events.ts';
import type { ProcessManager } from '../kernel/process-manager.ts';
import {
  MailboxTestCancelled,
  MailboxTestCompleted,
  TestMessageReported,
  TestMessageRequested,
} from '../mailbox/index.ts';
import { type MailboxId, TestId } from '../values/index.ts';
import { type Cause, causeOf, type SendTestMessage } from './instruction.ts';

const events = eventFamily([TestMessageRequested, MailboxTestCompleted, MailboxTestCancelled, TestMessageReported]);
type Event = EventOf<typeof events>;

/** A test message that was asked for and not reported yet; `due`: its test has ended. Plain JSON. */
export interface TestMessageRow {
  readonly organizationId: OrganizationId;
  readonly mailboxId: MailboxId;
  readonly due: boolean;
  readonly cause: Cause;
}

/** A test message is owed from the end of its test until it is reported, however often that is interrupted. */
export const testMessages: ProcessManager<TestMessageRow, Event, SendTestMessage> = {
  name: 'test-messages',
  version: 1,
  events,
  keys: ({ data }) => [data.testId],
  evolve: (row, event, _key, recorded) => {
    switch (event.type) {
      case 'TestMessageRequested': {
        const organizationId = OrganizationId.orThrow(recorded.metadata.organizationId);
        return { organizationId, mailboxId: event.data.mailboxId, due: false, cause: causeOf(recorded) };
      }
      case 'MailboxTestCompleted':
        return row === undefined ? undefined : { ...row, due: true, cause: causeOf(recorded) };
      case 'MailboxTestCancelled':
      case 'TestMessageReported':
        return undefined;
    }
  },
  intents: ({ organizationId, mailboxId, due, cause }, key) => {
    const testId = TestId.orThrow(key);
    const instruction = { type: 'SendTestMessage', organizationId, mailboxId, testId, cause } as const;
    return due ? [{ key: 'send', due: null, instruction }] : [];
  },
};
