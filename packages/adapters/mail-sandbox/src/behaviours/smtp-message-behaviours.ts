import { refusedCommand } from './refused-command.ts';

const refused = refusedCommand('smtp');

const transient = { disposition: 'transient' } as const;

/** Servers that do not take the recipient, the amount or the content, in their own words. */
export const smtpMessageBehaviours = [
  refused(
    'RCPT',
    'smtp-recipient-unknown',
    'RecipientRejected',
    'the recipient does not exist',
    '550 5.1.1 <{to}>: Recipient address rejected: User unknown',
  ),
  refused(
    'RCPT',
    'smtp-recipient-null-mx',
    'RecipientRejected',
    'the recipient takes no mail at all',
    '556 5.1.10 <{to}>: Recipient address rejected: Domain does not accept mail (nullMX)',
  ),
  refused(
    'RCPT',
    'smtp-recipient-for-now',
    'RecipientRejected',
    'the recipient is not accepted now',
    '450 4.2.0 <{to}>: Recipient address rejected: mailbox not available now',
    { truth: transient },
  ),
  refused(
    'RCPT',
    'smtp-greylisted',
    'Greylisted',
    'greylisting',
    '450 4.7.1 <{to}>: Recipient address rejected: Greylisted',
  ),
  refused(
    'RCPT',
    'smtp-greylisted-451',
    'Greylisted',
    'greylisting in other words',
    '451 4.7.1 Greylisting in action, please come back later',
  ),
  refused(
    'MAIL',
    'smtp-message-too-large',
    'MessageTooLarge',
    'no message is small enough',
    '552 5.3.4 Message size exceeds fixed limit',
  ),
  refused(
    'MAIL',
    'smtp-quota-gmail',
    'SendQuotaExceeded',
    'Gmail: the daily limit, with a code that looks permanent',
    '550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com/a/answer/166852 - gsmtp',
  ),
  refused(
    'CONTENT',
    'smtp-quota-outlook',
    'SendQuotaExceeded',
    'Microsoft 365: the daily limit, said after the content',
    "554 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
    { needs: ['message'] },
  ),
  refused(
    'RCPT',
    'smtp-reputation-list',
    'ReputationBlocked',
    'the address of the client is on a block list',
    '554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org',
  ),
  refused(
    'MAIL',
    'smtp-reputation-outlook',
    'ReputationBlocked',
    'Microsoft 365: no traffic from this address',
    '550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.',
  ),
  refused(
    'RCPT',
    'smtp-mailbox-full',
    'MailboxFullRemote',
    'the recipient is over quota',
    '552 5.2.2 <{to}>: Mailbox full',
  ),
  refused(
    'RCPT',
    'smtp-mailbox-full-for-now',
    'MailboxFullRemote',
    'the recipient is over quota now',
    '452 4.2.2 <{to}>: Mailbox full',
    { truth: transient },
  ),
  refused(
    'CONTENT',
    'smtp-content-rejected',
    'ContentRejected',
    'the content is refused',
    '554 5.6.0 Message content rejected',
    { needs: ['message'] },
  ),
  refused(
    'MAIL',
    'smtp-storage-full',
    'ServerTemporarilyUnavailable',
    'the server has no room now',
    '452 4.3.1 Insufficient system storage',
  ),
  refused(
    'MAIL',
    'smtp-server-bug-at-mail',
    'ServerBug',
    'an internal fault that calls itself temporary',
    '451 4.3.0 Error: queue file write error',
  ),
  refused(
    'RCPT',
    'smtp-throttled-at-rcpt',
    'Throttled',
    'too much mail in a short time',
    '450 4.7.1 Error: too much mail, rate limit exceeded',
  ),
] as const;
