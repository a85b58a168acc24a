import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, maxServerText } from './redact.ts';
import { cleanServerText } from './server-text.ts';

const none = createRedactor('', '');

describe('server text', () => {
  it('is one line without control characters, also the invisible ones', () => {
    expect(cleanServerText('one\r\n\u001b[31mtwo\u202e  three\u0000', none)).toBe('one [31mtwo three');
    expect(cleanServerText(' \r\n\u0007 ', none)).toBeNull();
  });

  it('is short', () => {
    expect(cleanServerText('x'.repeat(10_000), none)).toHaveLength(maxServerText);
  });

  it('holds links of trusted hosts only', () => {
    const trusted = (host: string): boolean => host === 'support.google.com';
    expect(
      cleanServerText('see https://support.google.com/x and http://evil.test/y www.evil.test', none, trusted),
    ).toBe('see https://support.google.com/x and [link] [link]');
    expect(cleanServerText('https://support.google.com@evil.test/', none, trusted)).toBe('[link]');
  });

  it('holds no secret in any form, whatever surrounds it', () => {
    const secrets = fc
      .string({ minLength: 6, maxLength: 30 })
      .filter((text) => text.trim() === text && !/\s|\*/.test(text));
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
        const redact = createRedactor(secret, 'ada');
        const encoded = Buffer.from(secret).toString('base64');
        const plain = Buffer.from(`\0ada\0${secret}`).toString('base64');
        for (const form of [secret, encoded, plain]) {
          const shown = cleanServerText(`${before} ${form} ${after}`, redact) ?? '';
          // What the server adds may of course contain the same letters by itself.
          if (!`${before} ${after}`.includes(form)) expect(shown).not.toContain(form);
        }
      }),
    );
  });
});
