import { refusedCommand } from './refused-command.ts';

const refused = refusedCommand('smtp');

const transient = { disposition: 'transient' } as const;

/** Servers that let an account log in and then do not let it send as this sender, or at all, in their own words. */
export const smtpSenderBehaviours = [
  refused(
    'RCPT',
    'smtp-sender-not-owned-postfix',
    'SenderNotOwned',
    'the sender belongs to somebody else, said at RCPT',
    '553 5.7.1 <{from}>: Sender address rejected: not owned by user {user}',
  ),
  refused(
    'MAIL',
    'smtp-sender-not-owned-zoho',
    'SenderNotOwned',
    'Zoho: another sender',
    '553 Relaying disallowed as {from}',
  ),
  refused('MAIL', 'smtp-sender-not-owned-gmx', 'SenderNotOwned', 'GMX: another sender', [
    '550-Requested action not taken: mailbox unavailable',
    '550 Sender address is not allowed.',
  ]),
  refused(
    'MAIL',
    'smtp-sender-not-owned-icloud',
    'SenderNotOwned',
    'iCloud: another sender',
    '550 5.7.0 From address is not one of your addresses',
  ),
  refused(
    'CONTENT',
    'smtp-send-as-denied-outlook',
    'SendAsDenied',
    'Microsoft 365: refused after the content',
    '554 5.2.252 SendAsDenied; {user} not allowed to send as {from}; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied',
    { needs: ['message'] },
  ),
  refused(
    'CONTENT',
    'smtp-send-as-denied-exchange',
    'SendAsDenied',
    'Exchange: refused after the content',
    '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
    { needs: ['message'] },
  ),
  refused(
    'MAIL',
    'smtp-sender-rejected-syntax',
    'SenderRejected',
    'the sender address is not accepted',
    '553 5.1.7 <{from}>: Sender address rejected: bad sender address',
  ),
  refused(
    'RCPT',
    'smtp-sender-rejected-domain',
    'SenderRejected',
    'the domain of the sender does not exist',
    '550 5.1.8 <{from}>: Sender address rejected: Domain not found',
  ),
  refused(
    'RCPT',
    'smtp-sender-rejected-for-now',
    'SenderRejected',
    'the domain of the sender is not found now',
    '450 4.1.8 <{from}>: Sender address rejected: Domain not found',
    { truth: transient },
  ),
  refused(
    'RCPT',
    'smtp-relay-denied-postfix',
    'RelayDenied',
    'not a server that sends for others',
    '554 5.7.1 <{to}>: Relay access denied',
  ),
  refused(
    'RCPT',
    'smtp-relay-denied-454',
    'RelayDenied',
    'the same with a code that looks temporary',
    '454 4.7.1 <{to}>: Relay access denied',
  ),
  refused(
    'RCPT',
    'smtp-relay-denied-exim',
    'RelayDenied',
    'the same, as Exim says it',
    '550 5.7.1 relay not permitted',
  ),
  refused(
    'RCPT',
    'smtp-relay-denied-exchange',
    'RelayDenied',
    'the same, as Exchange says it',
    '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain',
  ),
  refused(
    'MAIL',
    'smtp-auth-required',
    'AuthRequiredToSend',
    'logged in, and still asked to',
    '530 5.7.0 Authentication required',
  ),
  refused(
    'MAIL',
    'smtp-auth-required-exchange',
    'AuthRequiredToSend',
    'Exchange: not authenticated to send',
    '530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM',
  ),
  refused(
    'MAIL',
    'smtp-basic-auth-at-mail',
    'BasicAuthDisabled',
    'Microsoft 365: basic authentication retired, said at MAIL',
    '550 5.7.30 Basic authentication is not supported for Client Submission.',
  ),
] as const;
