import { createHmac } from 'node:crypto';
import type { SaslClient, SaslIdentity, SaslMechanism } from './sasl.ts';
import { createScramClient } from './scram-sha-256.ts';

const tokenStatus = (challenge: Buffer): string | null => {
  try {
    const { status } = JSON.parse(challenge.toString('utf8')) as { readonly status?: unknown };
    return typeof status === 'string' || typeof status === 'number' ? String(status).slice(0, 40) : null;
  } catch {
    return null;
  }
};

const oneMessage = (mechanism: SaslMechanism, initial: string): SaslClient => {
  const message = Buffer.from(initial, 'utf8');
  let asked = 0;
  return {
    mechanism,
    initial: message,
    // A server that takes no message along with the command asks for it (RFC 4422 section 5), once.
    respond: (challenge) => {
      asked += 1;
      return challenge.length === 0 && asked === 1 ? message : null;
    },
    serverIsProved: () => true,
    tokenError: () => null,
  };
};

const tokenClient = (mechanism: SaslMechanism, initial: string, onError: string): SaslClient => {
  let status: string | null = null;
  return {
    ...oneMessage(mechanism, initial),
    // A challenge after the token tells an error; the exchange has to be ended by an answer (RFC 7628 section 3.2.3).
    respond: (challenge) => {
      status = tokenStatus(challenge) ?? 'rejected';
      return Buffer.from(onError, 'utf8');
    },
    tokenError: () => status,
  };
};

const loginClient = ({ userName, secret }: SaslIdentity): SaslClient => {
  const answers = [userName, secret];
  return {
    ...oneMessage('LOGIN', ''),
    initial: null,
    respond: () => {
      const answer = answers.shift();
      return answer === undefined ? null : Buffer.from(answer, 'utf8');
    },
  };
};

const cramClient = ({ userName, secret }: SaslIdentity): SaslClient => ({
  ...oneMessage('CRAM-MD5', ''),
  initial: null,
  respond: (challenge) =>
    challenge.length === 0
      ? null
      : Buffer.from(`${userName} ${createHmac('md5', secret).update(challenge).digest('hex')}`, 'utf8'),
});

/** RFC 5801: commas and equals signs of an authorization identity are escaped. */
const gs2Name = (name: string): string => name.replace(/=/g, '=3D').replace(/,/g, '=2C');

/** The client's side of a login. */
export const createSaslClient = (mechanism: SaslMechanism, identity: SaslIdentity): SaslClient => {
  const { userName, secret, authorizeAs = '', host, port } = identity;
  switch (mechanism) {
    case 'PLAIN':
      return oneMessage('PLAIN', `${authorizeAs}\0${userName}\0${secret}`);
    case 'LOGIN':
      return loginClient(identity);
    case 'CRAM-MD5':
      return cramClient(identity);
    case 'XOAUTH2':
      return tokenClient('XOAUTH2', `user=${authorizeAs || userName}\u0001auth=Bearer ${secret}\u0001\u0001`, '');
    case 'OAUTHBEARER':
      return tokenClient(
        'OAUTHBEARER',
        `n,a=${gs2Name(authorizeAs || userName)},\u0001host=${host}\u0001port=${port}\u0001auth=Bearer ${secret}\u0001\u0001`,
        '\u0001',
      );
    case 'SCRAM-SHA-256':
      return createScramClient(identity);
  }
};
