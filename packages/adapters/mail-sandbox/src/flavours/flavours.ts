import type { Protocol } from '../behaviours/behaviour.ts';
import type { Mechanism } from '../sasl/mechanism.ts';

/** How a provider's servers introduce themselves, as far as a client can tell providers apart by it. */
export interface Flavour {
  /** The domain of its customers' addresses. */
  readonly domain: string;
  /** What EHLO, CRAM-MD5 and the like call the host. */
  readonly hostName: string;
  /** The greeting after `220 `, `* OK ` or `+OK `. */
  readonly greetings: Readonly<Record<Protocol, string>>;
  readonly mechanisms: readonly Mechanism[];
  /** Capability words of its IMAP server. */
  readonly imapCapabilities: readonly string[];
}

/** The providers and server programs whose words the sandbox uses. */
export const flavours = {
  gmail: {
    domain: 'gmail.com',
    hostName: 'smtp.gmail.com',
    greetings: {
      smtp: 'smtp.gmail.com ESMTP 5b1f17b1804b1-43d4b0ab7f1sm1.12 - gsmtp',
      imap: 'Gimap ready for requests from 127.0.0.1 5b1f17b1804b1mb12345678wmq',
      pop3: 'Gpop ready for requests from 127.0.0.1 5b1f17b1804b1pf12345678wmq',
    },
    mechanisms: ['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER'],
    imapCapabilities: ['X-GM-EXT-1', 'XYZZY'],
  },
  outlook: {
    domain: 'outlook.com',
    hostName: 'AS4P195CA0015.outlook.office365.com',
    greetings: {
      smtp: 'AS4P195CA0015.outlook.office365.com Microsoft ESMTP MAIL Service ready at Tue, 3 Nov 2026 10:00:00 +0000',
      imap: 'The Microsoft Exchange IMAP4 service is ready. [QQBTADQAUAAxADkANQBDAEEAMAAwADEANQA=]',
      pop3: 'The Microsoft Exchange POP3 service is ready. [QQBTADQAUAAxADkANQBDAEEAMAAwADEANQA=]',
    },
    mechanisms: ['LOGIN', 'PLAIN', 'XOAUTH2'],
    imapCapabilities: [],
  },
  yahoo: {
    domain: 'yahoo.com',
    hostName: 'smtp.mail.yahoo.com',
    greetings: {
      smtp: 'smtp.mail.yahoo.com ESMTP ready',
      imap: 'IMAP4rev1 imapgate-1.9.23_1 imapd ready, server imap.mail.yahoo.com',
      pop3: 'hello from popgate-1.0 pop.mail.yahoo.com',
    },
    mechanisms: ['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER'],
    imapCapabilities: ['XYMHIGHESTMODSEQ', 'X-MSG-EXT'],
  },
  icloud: {
    domain: 'icloud.com',
    hostName: 'smtp.mail.me.com',
    greetings: {
      smtp: 'iCloud SMTP - ci-prod-icloud-submission-pr2 - 2411B12 - smtp.mail.me.com',
      imap: '(2411B12-fb0d0a7a9a7e) ci-prod-icloud-imap imap.mail.me.com',
      pop3: 'POP3 ready',
    },
    mechanisms: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    imapCapabilities: ['XAPPLEPUSHSERVICE'],
  },
  zoho: {
    domain: 'zoho.com',
    hostName: 'mx.zoho.com',
    greetings: {
      smtp: 'mx.zoho.com SMTP Server ready November 3, 2026 10:00:00 AM UTC',
      imap: 'IMAP4 Server (Zoho Mail IMAP4rev1 Server version 1.0)',
      pop3: 'Hello there, Zoho Mail POP3 Server',
    },
    mechanisms: ['PLAIN', 'LOGIN'],
    imapCapabilities: [],
  },
  gmx: {
    domain: 'gmx.net',
    hostName: 'gmx.net',
    greetings: {
      smtp: 'gmx.net (mrgmx004) Nemesis ESMTP Service ready',
      imap: 'IMAP server ready H migmx004 12345 IMAP-1MbAcs-1v0aBc gmx.net',
      pop3: 'POP server ready H migmx004 1MbAcs-1v0aBc gmx.net',
    },
    mechanisms: ['PLAIN', 'LOGIN'],
    imapCapabilities: [],
  },
  netease: {
    domain: '163.com',
    hostName: '163.com',
    greetings: {
      smtp: '163.com Anti-spam GT for Coremail System (163com[20141201])',
      imap: 'Coremail System IMap Server Ready(163com[10774b260cc7a37d26d71b52404dcf5c])',
      pop3: 'Welcome to coremail Mail Pop3 Server (163coms[10774b260cc7a37d26d71b52404dcf5cs])',
    },
    mechanisms: ['PLAIN', 'LOGIN'],
    imapCapabilities: [],
  },
  dovecot: plain('Dovecot (Debian) ready.', 'mail.example.test ESMTP Postfix (Debian/GNU)'),
  exim: plain('Dovecot ready.', 'mail.example.test ESMTP Exim 4.96 Tue, 03 Nov 2026 10:00:00 +0000'),
  exchange: plain(
    'The Microsoft Exchange IMAP4 service is ready.',
    'mail.example.test Microsoft ESMTP MAIL Service ready',
  ),
} as const satisfies Readonly<Record<string, Flavour>>;

/** The name of a flavour. */
export type FlavourName = keyof typeof flavours;

/** The options that make a server look like the provider's. */
export const flavoured = (name: FlavourName, protocol: Protocol) => {
  const { hostName, greetings, mechanisms, imapCapabilities }: Flavour = flavours[name];
  return {
    hostName,
    greeting: greetings[protocol],
    mechanisms,
    ...(protocol === 'imap' ? { capabilities: imapCapabilities } : {}),
  };
};

function plain(incoming: string, smtp: string): Flavour {
  return {
    domain: 'example.test',
    hostName: 'mail.example.test',
    greetings: { smtp, imap: incoming, pop3: incoming },
    mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER'],
    imapCapabilities: [],
  };
}
