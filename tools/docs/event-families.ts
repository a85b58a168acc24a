import {
  accountEvents,
  addressEvents,
  alertEvents,
  alertMailEvents,
  type AnyEventDefinition,
  auditEvents,
  mailboxEvents,
  personEvents,
  profileEvents,
  settingsEvents,
  testRunEvents,
} from '@mailroom/domain';

/** The events of one aggregate, and how its streams are named. */
export interface Family {
  readonly title: string;
  /** The category: the name of a stream before its first `-`. */
  readonly category: string;
  /** What stands after it. */
  readonly parameter: string;
  readonly about: string;
  readonly definitions: readonly AnyEventDefinition[];
  /** Where its fixtures are, in packages/domain/src. */
  readonly folder: string;
}

/** Every event that is ever stored, from the codecs themselves. */
export const families: readonly Family[] = [
  {
    title: 'Profile',
    category: 'profile',
    parameter: 'profileId',
    about: 'An email server profile: how to reach mail servers and how to log in.',
    definitions: profileEvents.definitions,
    folder: 'profile',
  },
  {
    title: 'Settings',
    category: 'settings',
    parameter: 'organizationId',
    about: 'The email configuration settings of an organization.',
    definitions: settingsEvents.definitions,
    folder: 'settings',
  },
  {
    title: 'Mailbox',
    category: 'mailbox',
    parameter: 'mailboxId',
    about: 'A mailbox of a user or a queue, or one that others forward to: its settings, its tests, its channels.',
    definitions: mailboxEvents.definitions,
    folder: 'mailbox',
  },
  {
    title: 'Test run',
    category: 'testRun',
    parameter: 'runId',
    about: 'Test & Enable of many mailboxes as one job; its progress shows in the events of the mailboxes.',
    definitions: testRunEvents.definitions,
    folder: 'test-run',
  },
  {
    title: 'Account',
    category: 'account',
    parameter: 'keyedHash',
    about: 'Which mailboxes collect an account of a mail server. The hash cannot be read back.',
    definitions: accountEvents.definitions,
    folder: 'account',
  },
  {
    title: 'Address',
    category: 'address',
    parameter: 'keyedHash',
    about: 'Who holds an email address, so that it is unique in its organization. The hash cannot be read back.',
    definitions: addressEvents.definitions,
    folder: 'address',
  },
  {
    title: 'Alerts',
    category: 'alerts',
    parameter: 'principalId',
    about: 'What a person took off their alerts wall.',
    definitions: alertEvents.definitions,
    folder: 'alerts',
  },
  {
    title: 'Alert mail',
    category: 'alertMail',
    parameter: 'profileId',
    about: 'The mail to the owner of a profile when most of its mailboxes fail, once for each such episode.',
    definitions: alertMailEvents.definitions,
    folder: 'alert-mail',
  },
  {
    title: 'Audit',
    category: 'audit',
    parameter: 'principalHash',
    about:
      'What somebody did, or wanted to do, that changes no record. The id of the stream derives from organization and principal.',
    definitions: auditEvents.definitions,
    folder: 'audit',
  },
  {
    title: 'Person',
    category: 'person',
    parameter: 'personId',
    about: 'Whose personal data is gone.',
    definitions: personEvents.definitions,
    folder: 'person',
  },
];
