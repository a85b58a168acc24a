import type { Backoff } from './backoff.ts';
import type { Timers } from './timers.ts';

/** An instruction in the hands of whoever carries it out. */
export interface Assignment<Instruction> {
  /** The row of the process manager, and the intent within it: together they name the child command. */
  readonly key: string;
  readonly intentKey: string;
  readonly instruction: Instruction;
  /** Aborts when the intent has gone (cancelled, answered otherwise), and when the process stops. */
  readonly signal: AbortSignal;
}

/** `again`: the world said no (store, vault, network); it is tried again, with patience. */
export type CarriedOut =
  { readonly _tag: 'Done' } | { readonly _tag: 'Again'; readonly tag: string; readonly problem: string };
export type CarryOut<Instruction> = (assignment: Assignment<Instruction>) => Promise<CarriedOut>;

export type OwedState = 'held' | 'scheduled' | 'queued' | 'running' | 'retrying' | 'done';

/** An intent that a row owes, and what has become of it. */
export interface Owed<Instruction> {
  readonly key: string;
  readonly intentKey: string;
  readonly instruction: Instruction;
  readonly due: Date | null;
  readonly state: OwedState;
  /** Tries that have ended in `again`. */
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly problem: string | null;
}

export interface AgendaOptions<Instruction> {
  readonly carryOut: CarryOut<Instruction>;
  /** Instructions carried out at the same time. */
  readonly concurrency: number;
  /** Of these, at most so many of one lane, urgent ones aside: they may all wait for the same thing. Default: all. */
  readonly perLane?: number;
  /** Those of one lane (an organization) take turns with those of the others; `urgent` ones go before all others. */
  readonly lane: (instruction: Instruction, key: string) => { readonly lane: string; readonly urgent: boolean };
  readonly timers: Timers;
  readonly backoff: Backoff;
  readonly onChange: () => void;
}
