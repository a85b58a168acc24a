import fc from 'fast-check';
import { v5 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { derivedId, eventIdOf } from './derived-id.ts';

describe('derivedId', () => {
  it('is the version 5 id of its parts, whatever characters they hold', () => {
    const part = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(part, part, (a, b) => {
        const name = `${a.length}:${a}|${b.length}:${b}`;
        expect(derivedId(a, b)).toBe(v5(name, '5b3c7f0e-0d5a-4c5e-9a55-6d1f0c1b7a11'));
      }),
    );
  });

  it('does not change from release to release', () => {
    // Computed with another library (Python's uuid.uuid5).
    expect(derivedId('mailbox', 'org', 'user', 'ada')).toBe('cac29e71-4d8d-547e-8458-c368ec84f698');
    expect(eventIdOf('command', 'mailbox-1', 0)).not.toBe(eventIdOf('command', 'mailbox-1', 1));
  });
});
