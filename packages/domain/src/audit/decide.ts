import { type Decision, happened, nothingHappened } from '../kernel/decider.ts';
import type { Command, RecordRefusal } from './commands.ts';
import { AccessRefused, AuditExported, type Event } from './events.ts';
import { countedFor, type State, whatOf } from './state.ts';

/** For this long, in milliseconds, the same refusal of the same actor is recorded once. */
export const sameWithin = 10 * 60_000;
/** No actor fills the trail: at most this many refusals of one actor are recorded in an hour. */
export const mostInAnHour = 20;

export const decide = (command: Command, state: State): Decision<Event, never> => {
  const { organizationId, id: principalId } = command.context.actor;
  switch (command.type) {
    case 'RecordRefusal':
      return isNews(command, state)
        ? happened<Event>(
            AccessRefused({
              organizationId,
              principalId,
              wanted: command.wanted,
              reason: command.reason,
              privileges: command.privileges,
              recordId: command.recordId,
              refusedAt: command.context.at,
            }),
          )
        : nothingHappened;
    case 'RecordAuditExport': {
      const { format, lines, recordId, actorId, since, until } = command;
      return happened<Event>(
        AuditExported({ organizationId, principalId, format, lines, recordId, actorId, since, until }),
      );
    }
  }
};

/** The limit is part of the history, not of a process: it holds across restarts and processes alike. */
const isNews = (command: RecordRefusal, state: State): boolean => {
  const now = command.context.at.getTime();
  const recent = state.filter(({ at }) => now - at < countedFor);
  const what = whatOf(command);
  return recent.length < mostInAnHour && !recent.some((one) => one.what === what && now - one.at < sameWithin);
};
