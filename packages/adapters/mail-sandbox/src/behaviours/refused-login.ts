import { type Afterwards, reply } from '../wire/script.ts';
import type { Behaviour, Protocol } from './behaviour.ts';
import type { FailureKind } from './failure-kind.ts';

/** A behaviour whose name the compiler knows. */
export type Named<Name extends string> = Behaviour & { readonly name: Name };

/** Makes behaviours that answer a login of this protocol with these lines, whatever the password. */
export const refusedLogin =
  (protocol: Protocol) =>
  <const Name extends string>(
    name: Name,
    kind: FailureKind,
    when: string,
    lines: string | readonly string[],
    then: Afterwards = 'goOn',
  ): Named<Name> => ({ name, protocol, kind, when, rules: [{ at: 'auth', reaction: reply(lines, { then }) }] });
