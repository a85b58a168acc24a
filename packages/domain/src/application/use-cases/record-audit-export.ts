import * as E from 'fp-ts/lib/Either.js';
import * as Audit from '../../audit/index.ts';
import type { CommandContext } from '../../kernel/command.ts';
import type { DecodedCommand } from '../commands/command.ts';
import type { Environment } from './environment.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';

/** Records that a part of the audit trail is being taken away. */
export const recordAuditExport = async (
  { repository }: Environment,
  context: CommandContext,
  {
    type,
    format,
    lines,
    recordId = null,
    actorId = null,
    since = null,
    until = null,
  }: DecodedCommand<'RecordAuditExport'>,
): Promise<E.Either<Refusal, Outcome<{ readonly lines: number }>>> => {
  const command = { type, context, format, lines, recordId, actorId, since, until };
  const committed = await repository.execute(Audit.aggregate, command)();
  return E.isLeft(committed) ? committed : E.right(outcomeOf({ lines }, [committed.right]));
};
