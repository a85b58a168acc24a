import { BadInput } from './io.ts';

const format = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;
const zone = /(Z|[+-]\d\d:\d\d)$/;

const instantOf = (text: string): Date | null => {
  if (!format.test(text)) return null;
  // Without a zone the language would take a date as UTC and a date-time as local time: here both are UTC.
  const date = new Date(text.includes('T') && !zone.test(text) ? `${text}Z` : text);
  // A day that the month does not have would become one of the next month.
  return Number.isNaN(date.getTime()) || !isDay(text.slice(0, 10)) ? null : date;
};

const isDay = (text: string): boolean => {
  const day = new Date(text);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

/** A moment that a person typed: a date (its beginning) or a date-time, UTC unless it says otherwise. */
export const readInstant = (name: string, text: string): Date => {
  const instant = instantOf(text);
  if (instant !== null) return instant;
  throw new BadInput([`${name}: expected a date or a date-time, such as 2026-01-01 or 2026-01-01T09:00Z`]);
};
