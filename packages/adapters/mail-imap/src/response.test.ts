import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capabilityList, parseStatus } from './response.ts';

describe('a status response', () => {
  it.each([
    ['NO [AUTHENTICATIONFAILED] Authentication failed.', 'NO', 'AUTHENTICATIONFAILED', 'Authentication failed.'],
    ['BAD Error in IMAP command', 'BAD', null, 'Error in IMAP command'],
    ['BYE [UNAVAILABLE] gone', 'BYE', 'UNAVAILABLE', 'gone'],
    ['no [alert] read this', 'NO', 'ALERT', 'read this'],
    ['OK', 'OK', null, ''],
    ['OK [READ-ONLY]', 'OK', 'READ-ONLY', ''],
    ['NO [WEBALERT https://example.org/x] Web login required.', 'NO', 'WEBALERT', 'Web login required.'],
  ])('%s', (line, status, code, text) => {
    expect(parseStatus(line)).toMatchObject({ status, code, text });
  });

  it.each(['', 'OKAY', 'CAPABILITY IMAP4rev1', '3 EXISTS', '+OK'])('is not %j', (line) => {
    expect(parseStatus(line)).toBeNull();
  });

  it('reads capabilities from its code, and only what has the form of one', () => {
    const status = parseStatus('OK [CAPABILITY IMAP4rev1 auth=plain SASL-IR] ready');
    expect(capabilityList(status?.codeArguments ?? '')).toEqual(['IMAP4REV1', 'AUTH=PLAIN', 'SASL-IR']);
    expect(capabilityList('IDLE "x" {3} ok\u0007 ]')).toEqual(['IDLE']);
  });

  it('survives any line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        parseStatus(line);
        for (const capability of capabilityList(line)) expect(capability).toMatch(/^[!-~]+$/);
      }),
    );
  });
});
