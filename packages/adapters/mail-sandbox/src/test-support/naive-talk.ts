import type { Need, RunningScenario, Scenario } from '../scenarios/scenario.ts';
import type { RawClient } from './raw-client.ts';

/** Thrown by a step that got an answer it cannot go on with. */
export class Refused extends Error {
  readonly stage: string;
  readonly answer: string;
  constructor(stage: string, answer: string) {
    super(`${stage}: ${answer}`);
    this.stage = stage;
    this.answer = answer;
  }
}

/** What the steps of a protocol work with. */
export interface Talk {
  readonly scenario: Pick<Scenario, 'protocol' | 'tls'> & { readonly needs: readonly Need[] };
  readonly given: Pick<RunningScenario, 'userName' | 'password' | 'token' | 'address'>;
  readonly client: RawClient;
  /** Sends a line and gives the answer: all its lines, joined. Hangs up instead of waiting at `hangUpAt`. */
  ask(stage: string, line: string | undefined, complete: (line: string) => boolean): Promise<string>;
  upgrade(): Promise<void>;
}
