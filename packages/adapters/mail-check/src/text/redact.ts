/** Longest server text that is ever shown or kept. */
export const maxServerText = 300;

/** Secrets shorter than this are not searched for in their encoded forms: they would blank out ordinary words. */
const shortestEncoded = 4;

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** Every form in which a secret may come back in a server's text: as typed, encoded, or inside a SASL message. */
const formsOf = (secret: string, userName: string): readonly string[] => {
  if (secret === '') return [];
  const sasl = [`\0${userName}\0${secret}`, `${userName}\0${userName}\0${secret}`];
  const encoded = [secret, ...sasl].flatMap((form) => [base64(form), base64(form).replace(/=+$/, '')]);
  const others = [
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret, 'utf8').toString('hex'),
    ...encoded,
  ];
  return [secret, ...others.filter((form) => form.length >= shortestEncoded)];
};

/** Takes secrets out of a text by value, whoever wrote it and however it is quoted. */
export interface Redactor {
  (text: string): string;
  /** Adds what came up during the check: a digest, a SASL response, a token. */
  readonly add: (...secrets: readonly string[]) => void;
}

/** A redactor for one login. Longer forms are replaced first, so that no rest of one remains. */
export const createRedactor = (secret: string, userName: string): Redactor => {
  const secrets = [secret];
  // Made when there is a text to look through; most checks end with few.
  let forms: readonly string[] | null = null;
  const add = (...more: readonly string[]): void => {
    secrets.push(...more);
    forms = null;
  };
  const redact = (text: string): string => {
    forms ??= [...new Set(secrets.flatMap((each) => formsOf(each, userName)))].sort((a, b) => b.length - a.length);
    let clean = text;
    for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, '***');
    return clean;
  };
  return Object.assign(redact, { add });
};
