import { checked, type ObjectReader, words } from './reader.ts';

/** The deployment's own mail server, from which owners of profiles are told by mail. Checked when it is opened. */
export interface ConfiguredAlertMail {
  readonly host: string;
  readonly port?: number;
  readonly tls?: 'tls' | 'starttls' | 'none';
  readonly from: string;
  readonly userName?: string;
  readonly password?: { readonly env: string };
  /** Whom to tell when no address of the owner is known. */
  readonly fallback: readonly string[];
}

const port = checked(
  'a port from 1 to 65535',
  (input): input is number => Number.isInteger(input) && Number(input) >= 1 && Number(input) <= 65_535,
);
const tls = checked(
  '"tls", "starttls" or "none"',
  (input): input is 'tls' | 'starttls' | 'none' => input === 'tls' || input === 'starttls' || input === 'none',
);
const addresses = checked(
  'a list of email addresses',
  (input): input is readonly string[] => Array.isArray(input) && input.every((one) => typeof one === 'string'),
);

/** The key `alertMail` of the part `process`; undefined: there is none, or a finding. */
export const readAlertMail = (parent: ObjectReader): ConfiguredAlertMail | undefined => {
  const reader = parent.object('alertMail');
  if (reader === undefined) return undefined;
  const host = reader.required('host', words);
  const from = reader.required('from', words);
  const chosenPort = reader.optional('port', port);
  const chosenTls = reader.optional('tls', tls);
  const userName = reader.optional('userName', words);
  const secret = reader.object('password');
  const env = secret?.required('env', words);
  secret?.end();
  const fallback = reader.optional('fallback', addresses) ?? [];
  reader.end();
  if (host === undefined || from === undefined) return undefined;
  return {
    host,
    from,
    fallback,
    ...(chosenPort === undefined ? {} : { port: chosenPort }),
    ...(chosenTls === undefined ? {} : { tls: chosenTls }),
    ...(userName === undefined ? {} : { userName }),
    ...(env === undefined ? {} : { password: { env } }),
  };
};
