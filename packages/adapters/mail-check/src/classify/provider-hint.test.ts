import { describe, expect, test } from 'vitest';
import { providerHints } from './provider-hint.ts';

const { hintFor } = providerHints();

describe('a host tells how one can log in there', () => {
  test.each(['imap.gmail.com', 'SMTP.Gmail.com', 'pop.gmail.com'])('%s: with an app password', (host) =>
    expect(hintFor(host)).toEqual({
      name: 'Gmail',
      login: 'appPassword',
      page: 'https://myaccount.google.com/apppasswords',
    }),
  );

  test.each(['outlook.office365.com', 'smtp.office365.com', 'imap-mail.outlook.com'])('%s: with OAuth', (host) =>
    expect(hintFor(host)).toEqual({ name: 'Microsoft 365', login: 'oauth', page: null }),
  );

  test.each(['mail.example.org', 'imap.gmx.net', 'gmail.com.example.org', 'notgmail.com'])('%s: says nothing', (host) =>
    expect(hintFor(host)).toBeNull(),
  );
});
