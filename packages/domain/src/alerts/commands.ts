import type { CommandContext } from '../kernel/command.ts';

/** Takes an alert off the actor's own wall; `alertKey` null: all of them. It comes back when the problem occurs again. */
export interface DismissAlert {
  readonly type: 'DismissAlert';
  readonly context: CommandContext;
  readonly alertKey: string | null;
  /** How often the problem had occurred as the actor saw it; 0 when it is not known, or for all. */
  readonly occurrences: number;
}

export type Command = DismissAlert;
