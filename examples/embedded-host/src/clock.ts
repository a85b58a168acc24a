import type { Clock } from '@mailroom/domain';

/** The clock of this application: the time of the machine, or one that started elsewhere and runs as fast. */
export const clockFrom = (startsAt: Date | null): Clock => {
  const ahead = startsAt === null ? 0 : startsAt.getTime() - Date.now();
  return { now: () => new Date(Date.now() + ahead) };
};
