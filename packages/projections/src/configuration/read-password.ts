import { Secret } from '@mailroom/domain';
import type { Password } from './configuration.ts';
import { checked, type ObjectReader, words } from './reader.ts';

const yes = checked('true', (input): input is true => input === true);

/** What a password may come from. */
export interface PasswordSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a person can be asked. */
  readonly terminal: boolean;
}

/** `{"env": NAME}` or `{"ask": true}`. A password in the file itself is refused, and never repeated. */
export const readPassword = (
  owner: ObjectReader,
  sources: PasswordSources,
  whenAbsent: 'ask' | 'none',
): Password | null => {
  if (!owner.has('password')) {
    if (whenAbsent === 'none') return null;
    return asked(owner, sources);
  }
  const expectation = 'expected {"env": "NAME"} or {"ask": true}; a password itself never stands in the file';
  const input = owner.raw('password');
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    owner.problem('password', expectation);
    return null;
  }
  const reader = owner.object('password');
  if (reader === undefined) return null;
  const ask = reader.optional('ask', yes);
  const name = reader.optional('env', words);
  reader.end();
  if (reader.has('ask') === reader.has('env')) {
    owner.problem('password', expectation);
    return null;
  }
  if (ask === true) return asked(owner, sources);
  if (name === undefined) return null;
  const value = sources.environment[name];
  if (value !== undefined && value !== '') return { _tag: 'Given', secret: new Secret(value) };
  reader.problem('env', `expected the name of an environment variable that is set; ${shown(name)} is not`);
  return null;
};

const asked = (owner: ObjectReader, { terminal }: PasswordSources): Password | null => {
  if (terminal) return { _tag: 'Ask' };
  owner.problem('password', 'has to be asked for, and there is no terminal; give it as {"env": "NAME"}');
  return null;
};

/** Somebody may have put the password where the name belongs; only what looks like a name is repeated. */
const shown = (name: string): string => (/^[A-Z][A-Z0-9_]{0,63}$/.test(name) ? name : 'this one');
