import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import type { DecodedCommand } from '../commands/command.ts';
import { stepContext } from './bulk-plan.ts';
import type { Environment } from './environment.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { type BulkResult, runBulk } from './run-bulk.ts';
import { note } from './texts.ts';

/** Approves or rejects the email addresses of mailboxes. Approving enables nothing: testing does. */
export const approveOrReject = (
  environment: Environment,
  context: CommandContext,
  { type, mailboxIds, preview = false }: DecodedCommand<'ApproveMailbox'> | DecodedCommand<'RejectMailbox'>,
): Promise<E.Either<Refusal, Outcome<BulkResult>>> =>
  runBulk(environment, context, {
    type,
    mailboxIds,
    preview,
    done: note(type === 'ApproveMailbox' ? 'Approved' : 'Rejected', {}),
    idle: note('Unchanged', {}),
    notes: [],
    run: null,
    plan: async ({ mailboxId }) =>
      E.right({
        _tag: 'Steps',
        steps: [{ type, context: stepContext(context, mailboxId, 'approval'), mailboxId }],
        test: null,
        notes: [],
      }),
  });
