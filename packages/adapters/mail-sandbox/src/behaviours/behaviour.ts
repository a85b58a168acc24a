import type { Rule } from '../wire/script.ts';
import type { FailureKind, FailureTruth } from './failure-kind.ts';

/** A protocol a sandbox server speaks. */
export type Protocol = 'smtp' | 'imap' | 'pop3';

/** A named way in which an account, or a whole server, misbehaves. */
export interface Behaviour {
  /** Unique; also the name under which its failures are counted when it heals. */
  readonly name: string;
  readonly protocol: Protocol;
  /** The kind of failure a check should report. */
  readonly kind: FailureKind;
  /** When it happens, in words. */
  readonly when: string;
  readonly rules: readonly Rule[];
  /** Where its disposition, scope or field differs from the kind's. */
  readonly truth?: Partial<Omit<FailureTruth, 'kind'>>;
  /** `message`: shows only when a message is really sent; `roundTrip`: only when it is looked for and deleted. */
  readonly needs?: readonly ('message' | 'roundTrip')[];
}

/** The same behaviour, but after `times` failures the usual thing happens. */
export const healing = (behaviour: Behaviour, times: number): Behaviour => ({
  ...behaviour,
  when: `${behaviour.when}, ${times} ${times === 1 ? 'time' : 'times'}, then works`,
  rules: behaviour.rules.map((rule) => ({ ...rule, times, name: behaviour.name })),
});
