import { kindOf, phases } from '@mailroom/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyRefusal } from './classify.ts';
import { type ProviderTraits, recogniseProvider } from './provider.ts';
import { knownProviders } from './providers.ts';
import { type Circumstances, type Refusal, retryHintSeconds } from './verdict.ts';

const provider = (traits: Partial<ProviderTraits>) =>
  recogniseProvider(knownProviders, { host: 'mail.example.test', userName: 'ada', ...traits });

const around = (given: Partial<Circumstances> = {}): Circumstances => ({
  provider: null,
  credentials: 'password',
  secured: true,
  ownWords: [],
  ...given,
});

const refusal = (given: Partial<Refusal>): Refusal => ({
  protocol: 'pop3',
  phase: 'auth',
  command: 'PASS',
  code: null,
  reply: null,
  status: null,
  text: '',
  ...given,
});
const imap = (code: string | null, text: string, given: Partial<Refusal> = {}): Refusal =>
  refusal({ protocol: 'imap', command: 'LOGIN', status: 'NO', code, text, ...given });
const smtp = (reply: number, code: string | null, text: string, given: Partial<Refusal> = {}): Refusal =>
  refusal({ protocol: 'smtp', command: 'AUTH', reply, code, text, ...given });
const pop3 = (code: string | null, text: string, given: Partial<Refusal> = {}): Refusal =>
  refusal({ code, text, ...given });

const kind = (of: Refusal, given?: Partial<Circumstances>): string => classifyRefusal(of, around(given)).kind;

describe('codes before words, words before the bare refusal', () => {
  it.each([
    ['an unavailable login is no wrong password', imap('UNAVAILABLE', 'Login failed'), 'AuthTemporarilyUnavailable'],
    ['a mailbox in use is no wrong password', imap('INUSE', 'authentication failed'), 'MailboxInUse'],
    [
      'an unknown mechanism is no wrong password',
      pop3('AUTH', 'Unsupported authentication mechanism.'),
      'AuthMechanismUnsupported',
    ],
    ['a precise code is not overruled by words', imap('EXPIRED', 'too many login attempts'), 'PasswordExpired'],
    ['a bare refusal is a wrong password', pop3(null, ''), 'InvalidCredentials'],
    ['a 4xx that needs a person', smtp(432, '4.7.12', 'A password transition is needed'), 'PasswordExpired'],
    ['a 5xx that passes', smtp(535, '5.7.0', 'Too many failed login attempts, try again later'), 'TooManyLogins'],
    ['a 454 that does not pass', smtp(454, '4.7.1', 'Relay access denied', { phase: 'rcptTo' }), 'RelayDenied'],
    [
      'a sender noticed at RCPT',
      smtp(553, '5.7.1', 'Sender address rejected: not owned by user b', { phase: 'rcptTo' }),
      'SenderNotOwned',
    ],
    ['code without meaning', pop3('X-FLUX', 'The flux capacitor is out of alignment'), 'Unknown'],
  ])('%s', (_, of, expected) => {
    expect(kind(of)).toBe(expected);
  });

  it('plain text is refused for lack of encryption only where there is none', () => {
    const words = 'Plaintext authentication disallowed on non-secure (SSL/TLS) connections.';
    expect(kind(pop3('AUTH', words), { secured: false })).toBe('PlaintextAuthRefused');
    expect(kind(pop3('AUTH', words), { secured: true })).toBe('AuthMechanismUnsupported');
  });

  it('a refused token is not a refused password', () => {
    expect(kind(imap('AUTHENTICATIONFAILED', 'no'), { credentials: 'token' })).toBe('OAuthTokenRejected');
    expect(kind(imap('UNAVAILABLE', 'no'), { credentials: 'token' })).toBe('AuthTemporarilyUnavailable');
  });

  it('what the server quotes of the customer is no word of the server', () => {
    const ownWords = ['account.locked@example.test', 'password expired'];
    expect(kind(pop3('AUTH', 'account.locked@example.test: password expired refused'), { ownWords })).toBe(
      'InvalidCredentials',
    );
  });
});

describe('the words of one provider', () => {
  const blocked = imap('AUTHENTICATIONFAILED', 'AUTHENTICATE failed. Error="AuthFailed:LogonDenied-BasicAuthBlocked"');

  it('count on its own servers only', () => {
    expect(kind(blocked, { provider: provider({ host: 'outlook.office365.com' }) })).toBe('BasicAuthDisabled');
    expect(kind(blocked)).toBe('InvalidCredentials');
    expect(
      kind(imap(null, 'SELECT Unsafe Login.', { phase: 'select' }), { provider: provider({ host: 'imap.163.com' }) }),
    ).toBe('ClientIdRequired');
  });

  it('bring its name and its help page into the advice', () => {
    const gmail = provider({ host: 'imap.gmail.com' });
    const verdict = classifyRefusal(
      imap('ALERT', 'Application-specific password required'),
      around({ provider: gmail }),
    );
    expect(verdict).toMatchObject({ kind: 'AppPasswordRequired', params: { provider: 'Gmail' } });
    expect(verdict.params?.['helpUrl']).toMatch(/^https:\/\/myaccount\.google\.com\//);
  });

  it('tell Microsoft’s refusals apart', () => {
    const microsoft = provider({ userName: 'ada@outlook.com' });
    const said = (text: string): string =>
      kind(smtp(535, '5.7.139', `Authentication unsuccessful, ${text}`), { provider: microsoft });
    expect(said('basic authentication is disabled.')).toBe('BasicAuthDisabled');
    expect(said('the account is locked.')).toBe('AccountLocked');
    expect(said('blocked by Conditional Access policy. Error=53003')).toBe('ConditionalAccessBlocked');
  });
});

describe('a provider', () => {
  it.each([
    ['its host', { host: 'smtp.gmail.com' }, 'Gmail'],
    ['its greeting', { greeting: 'Gimap ready for requests from 127.0.0.1 abc' }, 'Gmail'],
    ['its capability', { capabilities: ['IDLE', 'X-GM-EXT-1'] }, 'Gmail'],
    ['the domain of the user name', { userName: 'ada@gmx.net' }, 'GMX and WEB.DE'],
    ['its host before the user name', { host: 'imap.mail.yahoo.com', userName: 'ada@gmail.com' }, 'Yahoo'],
  ])('is recognised by %s', (_, traits, name) => {
    expect(provider(traits)?.name).toBe(name);
  });

  it.each([
    { host: 'notgmail.com' },
    { host: 'gmail.com.evil.test' },
    { userName: 'gmail.com' },
    { userName: 'ada@notgmail.com' },
  ])('is not recognised by %j', (traits) => {
    expect(provider(traits)).toBeNull();
  });

  it('may be one of the host’s own, before the known ones', () => {
    const own = { name: 'Ours', domains: [], hosts: ['gmail.com'], links: [], rules: [] };
    expect(recogniseProvider([own, ...knownProviders], { host: 'imap.gmail.com', userName: 'x' })?.name).toBe('Ours');
  });
});

describe('a hint to wait', () => {
  it.each([
    ['please wait 300 seconds.', 300],
    ['Suggested Backoff Time: 2000 milliseconds', 2],
    ['try again in 5 minutes', 300],
    ['come back in 2 hours', 7_200],
    ['in 999999999 hours', null],
    ['limit 10 exceeded', null],
    ['', null],
  ])('%s', (text, seconds) => {
    expect(retryHintSeconds(text)).toBe(seconds);
  });

  it('is taken from passing failures only', () => {
    const waiting = classifyRefusal(pop3('LOGIN-DELAY', 'wait 900 seconds'), around());
    expect(waiting.overrides?.retryAfterSeconds).toBe(900);
    const wrong = classifyRefusal(pop3('AUTH', 'your password, 900 seconds old, is wrong'), around());
    expect(wrong.overrides?.retryAfterSeconds).toBeUndefined();
  });
});

it('a refusal stays a refusal, whatever it says and whoever says it', () => {
  const code = fc.oneof(
    fc.constant(null),
    fc.constantFrom('AUTH', 'SYS/TEMP', 'OVERQUOTA', 'ALERT', '5.7.8', '2.0.0'),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.record({
        protocol: fc.constantFrom('imap' as const, 'pop3' as const, 'smtp' as const),
        phase: fc.constantFrom(...phases),
        command: fc.constantFrom('', 'AUTH', 'PASS', 'STAT', 'LOGIN', 'MAIL'),
        code,
        reply: fc.integer({ min: 400, max: 599 }),
        status: fc.constantFrom('NO' as const, 'BAD' as const, 'BYE' as const),
        text: fc.oneof(fc.string(), fc.constantFrom('OK', '+OK logged in', '235 2.7.0 Accepted', 'success')),
      }),
      fc.constantFrom(null, ...knownProviders),
      (of, by) => {
        const { kind: found, overrides } = classifyRefusal(of, around({ provider: by }));
        const disposition = overrides?.disposition ?? kindOf(found).disposition;
        expect(disposition).not.toBe('warning');
      },
    ),
  );
});
