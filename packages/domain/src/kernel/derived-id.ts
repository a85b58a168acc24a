import { parse, v5 } from 'uuid';

/** The namespace of every id that Mailroom derives. Never change it: it decides which ids are the same. */
const mailroomNamespace = parse('5b3c7f0e-0d5a-4c5e-9a55-6d1f0c1b7a11');

/** A UUID (version 5, RFC 9562) that is the same wherever and whenever the same parts are given. */
export const derivedId = (...parts: readonly [string, ...string[]]): string =>
  v5(bytesOf(parts.map((part) => `${part.length}:${part}`).join('|')), mailroomNamespace);

/** UTF-8. Nearly every part is ASCII, where each character is its byte; the rest is left to the library, which is slow. */
const bytesOf = (text: string): string | Uint8Array => {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) return text;
    bytes[at] = code;
  }
  return bytes;
};

/** The id of the event at this place among the events that a command caused in a stream: a repeat gives the same ids. */
export const eventIdOf = (commandId: string, stream: string, index: number): string =>
  derivedId('event', commandId, stream, String(index));
