import * as E from 'fp-ts/lib/Either.js';

/** The JSON of a configuration file, or a sentence that repeats nothing of it. */
export const parseFile = (text: string): E.Either<string, unknown> => {
  try {
    return E.right(JSON.parse(text));
  } catch (error) {
    // The parser's own message repeats the text around the mistake; only the place is taken from it.
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const line = at === undefined ? undefined : text.slice(0, Number(at)).split('\n').length;
    return E.left(`expected JSON${line === undefined ? '' : `; it goes wrong in line ${line}`}`);
  }
};
