import type { MailProviders } from '@mailroom/domain';
import { type Provider, recogniseProvider } from './provider.ts';
import { knownProviders } from './providers.ts';

/** Hints on how to log in, from what is known of providers. */
export const providerHints = (providers: readonly Provider[] = knownProviders): MailProviders => ({
  hintFor: (host) => {
    const provider = recogniseProvider(providers, { host, userName: '' });
    if (provider === null) return null;
    const { name, appPasswordUrl: page, refusesPasswords = false } = provider;
    if (refusesPasswords) return { name, login: 'oauth', page: null };
    return page === undefined ? null : { name, login: 'appPassword', page };
  },
});
