const credentialsInAddress = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*:[^\s/"']*@/gi;
const mask = '***';

/** The user name and password of an address such as `postgres://user:password@host`; nothing for what is no address. */
export const secretsInAddress = (text: string): readonly string[] => {
  const [, userInfo] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(text) ?? [];
  const password = userInfo?.slice(userInfo.indexOf(':') + 1);
  if (userInfo === undefined || password === undefined || !userInfo.includes(':')) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
};

/**
 * Takes secrets out of a text: those that are known, in the spellings of JSON and of addresses too, and the credentials
 * of any address. The last line of defence: whoever logs does not log secrets in the first place.
 */
export const scrubber = (secrets: readonly string[] = []): ((text: string) => string) => {
  const spellings = secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  // The longest first: one may contain another.
  const known = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return (text) =>
    known.reduce((clean, secret) => clean.replaceAll(secret, mask), text).replace(credentialsInAddress, `$1${mask}@`);
};
