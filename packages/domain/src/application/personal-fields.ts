import { erased } from '../kernel/personal.ts';
import type { NewEvent } from '../kernel/event-store.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { PersonId } from '../values/index.ts';
import type { PersonalCipher } from './ports/index.ts';

/** How a personal field stands in the stored JSON. */
interface Sealed {
  readonly sealed: string;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSealed = (value: Json | undefined): value is JsonObject & Sealed =>
  isObject(value) && typeof value['sealed'] === 'string';

const contextOf = (event: NewEvent, field: string): string => `${event.id}/${field}`;

/** Whose data the event holds. An event with personal fields that names nobody is a bug of its definition. */
export const personOf = (event: NewEvent): PersonId => {
  const { personId } = event.data;
  if (!PersonId.is(personId)) throw new Error(`${event.type} has personal fields: personId must name the person`);
  return personId;
};

export const hasSomethingToSeal = (event: NewEvent, fields: readonly string[]): boolean =>
  fields.some((field) => event.data[field] !== null && event.data[field] !== undefined && event.data[field] !== erased);

export const hasSomethingToOpen = (event: NewEvent): boolean => Object.values(event.data).some(isSealed);

/**
 * The event as it is stored. Call it when the keys have been prepared for writing: a key that is still missing then
 * belongs to a person who was erased, and what would be written about them is erased from the start.
 */
export const sealFields = (event: NewEvent, fields: readonly string[], cipher: PersonalCipher): NewEvent => {
  const person = personOf(event);
  const data: Record<string, Json> = { ...event.data };
  for (const field of fields) {
    const value = data[field];
    if (value === undefined || value === null || value === erased) continue;
    data[field] = sealOrErase(cipher, person, contextOf(event, field), JSON.stringify(value));
  }
  return { ...event, data };
};

const sealOrErase = (cipher: PersonalCipher, person: PersonId, context: string, text: string): Json => {
  if (!cipher.isPrepared(person)) return erased;
  try {
    return { sealed: cipher.seal(person, context, text) };
  } catch {
    return erased;
  }
};

/** The event as it was before it was sealed. Throws when a sealed text was tampered with. */
export const openFields = <Event extends NewEvent>(event: Event, cipher: PersonalCipher): Event => {
  const person = personOf(event);
  const data: Record<string, Json> = { ...event.data };
  for (const [field, value] of Object.entries(event.data)) {
    if (!isSealed(value)) continue;
    const text = cipher.isPrepared(person) ? cipher.open(person, contextOf(event, field), value.sealed) : null;
    data[field] = text === null ? erased : (JSON.parse(text) as Json);
  }
  return { ...event, data: data satisfies JsonObject };
};
