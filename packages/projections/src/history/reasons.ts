import type { Text } from '@mailroom/domain';

/** The codes of events in words. A code that is not listed, from a newer version, is shown as it is. */
const words: Readonly<Record<string, string>> = {
  asked: 'somebody asked for it',
  sameSettingsForOutgoing: 'the incoming settings now serve outgoing mail too',
  hostChanged: 'it was entered for another host',
  methodChanged: 'the method was changed',
  notAllowed: 'it may not be used',
  ownerDisabled: 'its user or queue was disabled',
  configurationChanged: 'the configuration was changed meanwhile',
  cancelled: 'the test had been cancelled',
  deactivated: 'the mailbox was deactivated',
  profileUnavailable: 'the profile is gone',
  testFailed: 'the test failed',
  retriesSpent: 'the retries are spent',
  invalidated: 'what was tested has changed',
  rejected: 'the address was rejected',
  approvalLost: 'the approval was lost',
  profileRemoved: 'the profile was removed',
  profileChanged: 'the profile was changed',
  profileAssigned: 'the mailbox was put on another profile',
  credentialsChanged: 'user name or password were changed',
  addressChanged: 'the address was changed',
  mailbox: 'set for this mailbox',
  profile: 'set in its profile',
  firstEnable: 'the moment it first worked',
  succeeded: 'everything works',
  failed: 'something does not work',
  superseded: 'its results came too late',
  over: 'the trouble was over, or the mail no longer wanted, before it could leave',
  alertsOff: 'the organization wants to hear of no errors',
  noMailServer: 'this installation has no mail server for alerts',
  noRecipient: 'no address of the owner is known',
  refused: 'the mail server of this installation refused it',
  privilegeMissing: 'a privilege was missing',
  insecureChannel: 'it came over an unencrypted channel',
};

export const inWords = (code: string): string => words[code] ?? code;

const triggers = {
  person: 'by a person',
  bulk: 'together with other mailboxes',
  retry: 'as a retry',
  incident: 'because a problem of the profile was looked at again',
} as const;

/** Who or what asked for a test. */
export const triggerInWords = (trigger: keyof typeof triggers): string => triggers[trigger];

const isRecord = (data: unknown): data is Readonly<Record<string, unknown>> =>
  typeof data === 'object' && data !== null;

/** The reason that an event carries, as a text to be translated by its code; null when it carries none. */
export const reasonIn = (data: unknown): Text | null => {
  if (!isRecord(data)) return null;
  const { reason, cause, trigger } = data;
  const code = [reason, cause].find((one) => typeof one === 'string');
  if (typeof code === 'string') return { key: `why.${code}`, params: {}, sentence: inWords(code) };
  if (typeof trigger !== 'string' || !(trigger in triggers)) return null;
  return { key: `why.${trigger}`, params: {}, sentence: triggerInWords(trigger as keyof typeof triggers) };
};
