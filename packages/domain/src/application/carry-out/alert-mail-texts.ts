import { textsOf } from '../../kernel/text.ts';

/** The words of alert mail. */
export const mailText = textsOf('alertMail', {
  Subject: 'Email server profile "{profile}": {failing} of {mailboxes} mailboxes do not work.',
  MostFail:
    'Within an hour, {failing} of the {mailboxes} mailboxes of the email server profile "{profile}" failed to connect. Most of them with: {kind}.',
  Since: 'It began at {since} (UTC).',
  WhatToDo:
    'Open the profile to see the alert and what to do about it. When the cause is gone, "resume after incident" tests again everything that it stopped.',
  WhyYou:
    'You get this mail because you own the profile and alert mail is switched on in it. It is sent once for each such incident.',
});
