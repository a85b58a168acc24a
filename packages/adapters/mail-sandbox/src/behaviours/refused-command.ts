import { reply, type Step } from '../wire/script.ts';
import type { Behaviour, Protocol } from './behaviour.ts';
import type { FailureKind } from './failure-kind.ts';
import type { Named } from './refused-login.ts';

/** Makes behaviours that answer a command after the login with these lines. */
export const refusedCommand =
  (protocol: Protocol) =>
  <const Name extends string>(
    at: Step | readonly Step[],
    name: Name,
    kind: FailureKind,
    when: string,
    lines: string | readonly string[],
    also: Pick<Behaviour, 'truth' | 'needs'> = {},
  ): Named<Name> => ({ name, protocol, kind, when, rules: [{ at, reaction: reply(lines) }], ...also });
