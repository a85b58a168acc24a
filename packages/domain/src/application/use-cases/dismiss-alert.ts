import * as E from 'fp-ts/lib/Either.js';
import * as Alerts from '../../alerts/index.ts';
import type { CommandContext } from '../../kernel/command.ts';
import type { DecodedCommand } from '../commands/command.ts';
import type { Environment } from './environment.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';

/** Takes an alert, or all of them, off the actor's own wall; nobody else's. */
export const dismissAlert = async (
  { repository }: Environment,
  context: CommandContext,
  { type, alertKey, occurrences = 0 }: DecodedCommand<'DismissAlert'>,
): Promise<E.Either<Refusal, Outcome<{ readonly alertKey: string | null }>>> => {
  const committed = await repository.execute(Alerts.aggregate, { type, context, alertKey, occurrences })();
  return E.isLeft(committed) ? committed : E.right(outcomeOf({ alertKey }, [committed.right]));
};
