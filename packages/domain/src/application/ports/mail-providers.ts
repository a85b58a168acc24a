/** What is known of the provider behind a mail server, as far as it decides how one can log in there. */
export interface ProviderHint {
  /** Its name for people. */
  readonly name: string;
  /** What it takes from programs: a password that was made for them, or no password at all. */
  readonly login: 'appPassword' | 'oauth';
  /** Where its customers create an app password; null: they cannot. */
  readonly page: string | null;
}

/** Tells providers that do not take the ordinary password from programs. Asks nobody: no packet leaves for it. */
export interface MailProviders {
  /** null: the host is nobody's who is known for it. */
  readonly hintFor: (host: string) => ProviderHint | null;
}
