import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saslMechanisms } from './sasl.ts';
import { createSaslClient } from './sasl-client.ts';
import { createScramClient } from './scram-sha-256.ts';

const identity = { userName: 'tim', secret: 'tanstaaftanstaaf', host: 'mail.example.test', port: 143 };
const text = (bytes: Buffer | null): string => bytes?.toString('utf8') ?? '(none)';

describe('the client’s side of SASL', () => {
  it('PLAIN, with and without somebody to act for (RFC 4616)', () => {
    expect(text(createSaslClient('PLAIN', identity).initial)).toBe('\0tim\0tanstaaftanstaaf');
    expect(text(createSaslClient('PLAIN', { ...identity, authorizeAs: 'ada' }).initial)).toBe(
      'ada\0tim\0tanstaaftanstaaf',
    );
  });

  it('LOGIN answers two questions, whatever they are, and no third', () => {
    const client = createSaslClient('LOGIN', identity);
    expect([
      client.initial,
      text(client.respond(Buffer.from('User Name'))),
      text(client.respond(Buffer.from('Password'))),
    ]).toEqual([null, 'tim', 'tanstaaftanstaaf']);
    expect(client.respond(Buffer.from('Mother?'))).toBeNull();
  });

  it('CRAM-MD5 as in RFC 2195', () => {
    const challenge = Buffer.from('<1896.697170952@postoffice.reston.mci.net>');
    expect(text(createSaslClient('CRAM-MD5', identity).respond(challenge))).toBe(
      'tim b913a602c7eda7a495b4e6e7334d3890',
    );
  });

  it('XOAUTH2 and OAUTHBEARER (RFC 7628) end an exchange that failed and keep the status', () => {
    for (const [mechanism, answer] of [
      ['XOAUTH2', ''],
      ['OAUTHBEARER', '\u0001'],
    ] as const) {
      const client = createSaslClient(mechanism, { ...identity, userName: 'ada@example.test' });
      expect(text(client.initial)).toContain('auth=Bearer tanstaaftanstaaf\u0001');
      expect(text(client.respond(Buffer.from('{"status":"401","schemes":"bearer"}')))).toBe(answer);
      expect(client.tokenError()).toBe('401');
    }
    expect(text(createSaslClient('OAUTHBEARER', { ...identity, userName: 'a=b,c' }).initial)).toContain('a=a=3Db=2Cc,');
  });

  it('SCRAM-SHA-256 as in RFC 7677', () => {
    const client = createScramClient({ ...identity, userName: 'user', secret: 'pencil' }, 'rOprNGfwEbeRWgbNEkqO');
    expect(text(client.initial)).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
    const first = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
    expect(text(client.respond(Buffer.from(first)))).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    );
    expect(client.serverIsProved()).toBe(false);
    expect(client.respond(Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='))).toEqual(Buffer.alloc(0));
    expect(client.serverIsProved()).toBe(true);
  });

  it.each([
    ['a nonce that is not ours', 'r=other,s=QQ==,i=4096'],
    ['our nonce unchanged', 'r=nonce,s=QQ==,i=4096'],
    ['more rounds than a server needs', 'r=nonceX,s=QQ==,i=100000000'],
    ['no rounds', 'r=nonceX,s=QQ==,i=0'],
    ['nothing', ''],
  ])('SCRAM-SHA-256 gives up at %s', (_, challenge) => {
    const client = createScramClient({ ...identity, userName: 'user', secret: 'pencil' }, 'nonce');
    expect(client.respond(Buffer.from(challenge))).toBeNull();
  });

  it('SCRAM-SHA-256 does not believe a server that cannot prove itself', () => {
    const client = createScramClient({ ...identity, secret: 'pencil' }, 'nonce');
    client.respond(Buffer.from('r=nonceX,s=QQ==,i=1'));
    expect(client.respond(Buffer.from('v=AAAA'))).toBeNull();
    expect(client.serverIsProved()).toBe(false);
  });

  it('no challenge makes any of them throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...saslMechanisms),
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }),
        (mechanism, challenges) => {
          const client = createSaslClient(mechanism, identity);
          for (const challenge of challenges) client.respond(Buffer.from(challenge));
        },
      ),
    );
  });
});
