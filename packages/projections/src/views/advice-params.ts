import { type AdviceParams, erased } from '@mailroom/domain';

const isFlat = (value: unknown): value is AdviceParams =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((part) => typeof part === 'string' || typeof part === 'number');

/** The stored parameters of an advice. Erased or unreadable ones are none: the sentence then speaks in general. */
export const adviceParamsOf = (stored: string): AdviceParams => {
  if (stored === erased) return {};
  try {
    const parsed: unknown = JSON.parse(stored);
    return isFlat(parsed) ? parsed : {};
  } catch {
    return {};
  }
};
