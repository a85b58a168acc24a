import { describe, expect, it } from 'vitest';
import {
  adviceFor,
  failure,
  failureFields,
  failureKinds,
  failureTaxonomy,
  isFailureKind,
  kindOf,
  phases,
} from './index.ts';

/** The kinds that other programs read in outputs and events, spelled out so that a renamed one is noticed. */
const contract = `
  InvalidConfiguration TargetNotAllowed SecretUnavailable OAuthRefreshFailed ChecksRateLimited
  DnsNotFound DnsTemporaryFailure NoUsableAddress ConnectionRefused HostUnreachable ConnectTimeout ConnectionReset
  ConnectionClosedByServer ProxyFailed EgressBlocked LocalResources
  GreetingTimeout TlsExpectedOnPort PlaintextOnTlsPort ProtocolMismatch ServerRejectedConnection MalformedResponse
  StartTlsNotOffered StartTlsRefused StartTlsInjection TlsHandshakeFailed TlsVersionUnsupported TlsHandshakeTimeout
  CertificateExpired CertificateNotYetValid CertificateHostnameMismatch CertificateUntrusted CertificateRevoked
  CertificateMisused CertificateExpiringSoon ConnectionNotEncrypted
  PlaintextAuthRefused AuthNotOffered AuthMechanismUnsupported InvalidCredentials AppPasswordRequired WebLoginRequired
  BasicAuthDisabled ProtocolDisabledForAccount OAuthTokenRejected AccountLocked AccountDisabled PasswordExpired
  AuthorizationFailed ConditionalAccessBlocked ContactAdministrator AuthTemporarilyUnavailable AuthTimeout
  TooManyLogins Throttled LoginDelay ConnectionLimit MailboxInUse ServerTemporarilyUnavailable ServerBug ClientBug
  MailboxNotFound MailboxAccessDenied ClientIdRequired ListFailed UidlUnsupported TopUnsupported MailboxOverQuota
  DeletePolicyConflict
  SenderNotOwned SendAsDenied SenderRewritten SenderRejected RelayDenied AuthRequiredToSend RecipientRejected Greylisted
  MessageTooLarge SendQuotaExceeded ReputationBlocked MailboxFullRemote ContentRejected
  TestMessageNotFound TestMessageInJunk TestMessageDelayed TestMessageTakenByFetcher CleanupFailed DeadlineExceeded
  Cancelled Unknown`
  .trim()
  .split(/\s+/);

describe('the failure taxonomy', () => {
  it('holds exactly the agreed kinds', () => {
    expect([...failureKinds].sort()).toEqual([...contract].sort());
    expect(isFailureKind('InvalidCredentials')).toBe(true);
    expect(isFailureKind('toString')).toBe(false);
  });

  it.each(failureKinds)('%s has a phase, a field and an advice that make sense', (kind) => {
    const { phase, field, advice, disposition, retryAfterSeconds } = kindOf(kind);
    expect(phases).toContain(phase);
    if (field !== null) expect(failureFields).toContain(field);
    expect(advice).toMatch(/^[A-Z{].+[.}]$/);
    if (retryAfterSeconds !== undefined) expect(['transient', 'ours']).toContain(disposition);
  });

  it.each(failureKinds)('%s reads as sentences without any parameter', (kind) => {
    const { sentence, key, params } = adviceFor(kind);
    expect(key).toBe(`advice.${kind}`);
    expect(sentence).not.toMatch(/[{}]/);
    expect(sentence).toMatch(/\.$/);
    for (const name of Object.keys(params)) expect(failureTaxonomy[kind].advice).toContain(`{${name}}`);
    // Only the address of a help page may be left out.
    for (const [name, words] of Object.entries(params)) if (name !== 'helpUrl') expect(words).not.toBe('');
  });

  it('says each thing in its own words', () => {
    const sentences = failureKinds.map((kind) => kindOf(kind).advice);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('fills in what is known', () => {
    expect(adviceFor('ConnectionRefused', { host: 'mail.example.org', port: 993 }).sentence).toContain(
      'mail.example.org is there, but nothing answers on port 993',
    );
  });
});

describe('a failure', () => {
  it('takes what the table says', () => {
    expect(failure('MailboxInUse')).toMatchObject({
      kind: 'MailboxInUse',
      disposition: 'transient',
      scope: 'mailbox',
      retryAfterSeconds: 60,
      serverText: null,
    });
  });

  it('lets a classifier know better, even that no field is to blame', () => {
    const better = failure('InvalidCredentials', {}, { scope: 'profile', field: null, disposition: 'uncertain' });
    expect(better).toMatchObject({ scope: 'profile', field: null, disposition: 'uncertain', phase: 'auth' });
  });

  it('honours a longer hint of the server, never a shorter one than its kind asks for', () => {
    expect(failure('LoginDelay', {}, { retryAfterSeconds: 900 }).retryAfterSeconds).toBe(900);
    expect(failure('LoginDelay', {}, { retryAfterSeconds: 5 }).retryAfterSeconds).toBe(300);
    expect(failure('DnsTemporaryFailure', {}, { retryAfterSeconds: 7 }).retryAfterSeconds).toBe(7);
  });
});
