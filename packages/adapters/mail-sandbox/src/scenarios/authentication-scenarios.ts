import type { Protocol } from '../behaviours/behaviour.ts';
import type { Mechanism } from '../sasl/mechanism.ts';
import { reply } from '../wire/script.ts';
import { buildScenario, type Setup } from './build-scenario.ts';
import type { Scenario } from './scenario.ts';

/** A client without encryption at a server that wants it before a password. */
const inClear: Setup = { tls: 'none', serverTls: 'starttls', needs: ['unencrypted'] };

const unknownMechanisms: Readonly<Record<Protocol, Setup>> = {
  smtp: { server: { mechanisms: [], capabilities: ['AUTH NTLM GSSAPI'] } },
  imap: { server: { mechanisms: [], without: ['LOGIN'], capabilities: ['AUTH=NTLM', 'AUTH=GSSAPI'] } },
  pop3: { server: { mechanisms: [], userPass: false, apop: false, capabilities: ['SASL NTLM GSSAPI'] } },
};

/** The mechanisms that clients of the protocol commonly know. */
const known: Readonly<
  Record<Protocol, { readonly password: readonly Mechanism[]; readonly token: readonly Mechanism[] }>
> = {
  smtp: { password: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256'], token: ['XOAUTH2', 'OAUTHBEARER'] },
  imap: { password: ['PLAIN', 'LOGIN'], token: ['XOAUTH2', 'OAUTHBEARER'] },
  pop3: { password: ['PLAIN', 'LOGIN', 'CRAM-MD5'], token: ['XOAUTH2'] },
};

const tokenErrors = {
  expired: { status: '401', schemes: 'bearer', scope: 'https://mail.google.com/' },
  'wrong-scope': { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' },
} as const;

/** Refusals that a real comparison of secrets or the server's settings bring about. */
export const authenticationScenarios = (protocol: Protocol): readonly Scenario[] => [
  ...known[protocol].password.map((mechanism) =>
    buildScenario(
      protocol,
      `wrong-password-${mechanism.toLowerCase()}`,
      'InvalidCredentials',
      `${mechanism} with a wrong password`,
      {
        server: { mechanisms: [mechanism], ...onlyMechanism(protocol) },
        client: { password: 'a-wrong-password' },
      },
    ),
  ),
  buildScenario(protocol, 'wrong-password', 'InvalidCredentials', 'a wrong password, all mechanisms on offer', {
    tls: 'starttls',
    client: { password: 'a-wrong-password' },
  }),
  buildScenario(
    protocol,
    'no-known-mechanism',
    'AuthMechanismUnsupported',
    'only NTLM and GSSAPI',
    unknownMechanisms[protocol],
  ),
  ...known[protocol].token.flatMap((mechanism) =>
    Object.entries(tokenErrors).map(([name, tokenError]) =>
      buildScenario(
        protocol,
        `token-${name}-${mechanism.toLowerCase()}`,
        'OAuthTokenRejected',
        `${mechanism} with a token that is refused with status ${tokenError.status}`,
        {
          server: { mechanisms: [mechanism], tokenError },
          client: { token: 'ya29.another-token' },
          needs: ['token'],
        },
      ),
    ),
  ),
  ...own[protocol](),
];

const onlyMechanism = (protocol: Protocol) =>
  protocol === 'imap' ? { without: ['LOGIN'] } : protocol === 'pop3' ? { userPass: false, apop: false } : {};

const own: Readonly<Record<Protocol, () => readonly Scenario[]>> = {
  smtp: () => [
    buildScenario('smtp', 'clear-530', 'PlaintextAuthRefused', 'no AUTH before STARTTLS', inClear),
    ...(
      [
        ['538', '538 5.7.11 Encryption required for requested authentication mechanism'],
        ['523', '523 5.7.10 Encryption needed to use mechanism'],
      ] as const
    ).map(([name, line]) =>
      buildScenario(
        'smtp',
        `clear-${name}`,
        'PlaintextAuthRefused',
        `AUTH is offered in clear and answered with ${name}`,
        {
          ...inClear,
          server: { allowPlainText: true, rules: [{ at: 'AUTH', reaction: reply(line) }] },
        },
      ),
    ),
    buildScenario('smtp', 'no-auth', 'AuthNotOffered', 'no AUTH on this port', {
      tls: 'starttls',
      server: { without: ['AUTH'] },
    }),
    buildScenario('smtp', 'no-auth-exim', 'AuthNotOffered', 'no AUTH on this port, as Exim says it', {
      tls: 'starttls',
      flavour: 'exim',
      server: {
        without: ['AUTH'],
        rules: [{ at: 'AUTH', reaction: reply('503 AUTH command used when not advertised') }],
      },
    }),
  ],
  imap: () => [
    buildScenario('imap', 'preauth', 'AuthNotOffered', 'the connection is greeted as logged in already (PREAUTH)', {
      server: { rules: [{ at: 'greeting', reaction: reply('* PREAUTH [CAPABILITY IMAP4rev1] ready') }] },
    }),
    buildScenario('imap', 'wrong-password-command', 'InvalidCredentials', 'the command LOGIN with a wrong password', {
      server: { mechanisms: [] },
      client: { password: 'a-wrong-password' },
    }),
    buildScenario('imap', 'clear-login-disabled', 'PlaintextAuthRefused', 'LOGINDISABLED before STARTTLS', {
      ...inClear,
      server: { mechanisms: ['PLAIN', 'LOGIN'] },
    }),
    buildScenario('imap', 'clear-privacy-required', 'PlaintextAuthRefused', 'the login in clear is refused', {
      ...inClear,
      server: {
        allowPlainText: true,
        rules: [
          {
            at: 'auth',
            reaction: reply(
              '{tag} NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.',
            ),
          },
        ],
      },
    }),
    buildScenario(
      'imap',
      'token-expired-bye',
      'OAuthTokenRejected',
      'Exchange ends the session: the token has expired',
      {
        flavour: 'outlook',
        server: {
          rules: [{ at: 'auth', reaction: reply('* BYE Session invalidated - AccessTokenExpired', { then: 'close' }) }],
        },
        needs: ['token'],
      },
    ),
    buildScenario(
      'imap',
      'authenticated-not-connected',
      'AuthorizationFailed',
      'Exchange says OK, then knows no mailbox',
      {
        flavour: 'outlook',
        server: {
          rules: [
            {
              at: ['NAMESPACE', 'LIST', 'LSUB', 'SELECT', 'EXAMINE', 'STATUS', 'GETQUOTAROOT'],
              reaction: reply('{tag} BAD User is authenticated but not connected.'),
            },
          ],
        },
      },
    ),
  ],
  pop3: () => [
    buildScenario('pop3', 'no-login', 'AuthNotOffered', 'neither USER nor AUTH nor APOP', {
      server: {
        mechanisms: [],
        userPass: false,
        apop: false,
        rules: [{ at: 'USER', reaction: reply('-ERR Unknown command.') }],
      },
    }),
    buildScenario('pop3', 'wrong-password-apop', 'InvalidCredentials', 'APOP with a wrong password', {
      server: { mechanisms: [], userPass: false },
      client: { password: 'a-wrong-password' },
    }),
    buildScenario('pop3', 'wrong-password-user-pass', 'InvalidCredentials', 'USER and PASS with a wrong password', {
      server: { mechanisms: [], apop: false },
      client: { password: 'a-wrong-password' },
    }),
    buildScenario('pop3', 'clear-refused', 'PlaintextAuthRefused', 'no password before STLS', {
      ...inClear,
      server: { mechanisms: ['PLAIN', 'LOGIN'], apop: false },
    }),
    buildScenario(
      'pop3',
      'login-delay-announced',
      'LoginDelay',
      'CAPA announces the delay, the login comes too early',
      {
        server: {
          capabilities: ['LOGIN-DELAY 900'],
          rules: [{ at: 'auth', reaction: reply('-ERR [LOGIN-DELAY] minimum time between mail checks violation') }],
        },
      },
    ),
  ],
};
