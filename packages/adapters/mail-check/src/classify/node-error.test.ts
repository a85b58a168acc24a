import { describe, expect, it } from 'vitest';
import { sniffBanner } from './banner.ts';
import { errorCodes, kindInPhase, kindOfNodeError } from './node-error.ts';

const coded = (code: string, rest: object = {}): Error => Object.assign(new Error(code), { code, ...rest });

describe('errors of Node and OpenSSL', () => {
  it('are recognised under whatever a library put on top', () => {
    expect(kindOfNodeError(coded('ESOCKET', { originalCode: 'CERT_HAS_EXPIRED' }))).toBe('CertificateExpired');
    expect(kindOfNodeError(new Error('outer', { cause: coded('ECONNREFUSED') }))).toBe('ConnectionRefused');
    expect(kindOfNodeError(new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]))).toBe('HostUnreachable');
    expect(kindOfNodeError(coded('SOMETHING', { _err: coded('ETIMEDOUT') }))).toBe('ConnectTimeout');
  });

  it.each([undefined, null, 'text', 7, {}, new Error('no code')])('%s says nothing', (error) => {
    expect(errorCodes(error)).toEqual([]);
    expect(kindOfNodeError(error)).toBeNull();
  });

  it('do not send a search in circles', () => {
    const error: Error & { cause?: unknown } = new Error('loop');
    error.cause = error;
    expect(kindOfNodeError(error)).toBeNull();
  });

  it('mean what the phase makes of them', () => {
    expect(kindInPhase('dns', coded('ECONNREFUSED'))).toBe('DnsTemporaryFailure');
    expect(kindInPhase('connect', coded('ECONNREFUSED'))).toBe('ConnectionRefused');
    expect(kindInPhase('tls', coded('ETIMEDOUT'))).toBe('TlsHandshakeTimeout');
    expect(kindInPhase('tls', new Error('odd'))).toBe('TlsHandshakeFailed');
    expect(kindInPhase('tls', coded('ERR_SSL_SOMETHING_NEW'))).toBe('TlsHandshakeFailed');
  });
});

describe('the first bytes of a connection', () => {
  it.each([
    ['+OK ready\r\n', 'pop3'],
    ['-ERR busy', 'pop3'],
    ['* OK [CAPABILITY IMAP4rev1] ready\r\n', 'imap'],
    ['* BYE', 'imap'],
    ['220 mail.example.test ESMTP\r\n', 'smtp'],
    ['220-banner\r\n', 'smtp'],
    ['554 no', 'smtp'],
    ['220 ProFTPD FTP server ready', 'ftp'],
    ['SSH-2.0-OpenSSH_9', 'ssh'],
    ['HTTP/1.1 400 Bad Request', 'http'],
    ['<html>', 'http'],
    ['\u0015\u0003\u0001\u0000\u0002', 'tls'],
    ['\u0016\u0003\u0003', 'tls'],
    ['banana', null],
    ['+OKAY', null],
    ['', null],
  ])('%j', (text, spoken) => {
    expect(sniffBanner(Buffer.from(text, 'latin1'))).toBe(spoken);
  });
});
