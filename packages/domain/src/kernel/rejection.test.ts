import { describe, expect, test } from 'vitest';
import { findingsOf, rejectionsOf, sentencesOf, together } from './rejection.ts';
import { fill, textsOf } from './text.ts';

const reject = rejectionsOf({
  TooOld: '{what} is older than {days} days. Choose another one.',
  Missing: 'There is none. Choose another one.',
});

describe('a rejection', () => {
  test('names the rule, the field where there is one, and says what it is about', () => {
    expect(reject.TooOld({ what: 'The certificate', days: 90 }, 'certificate')).toEqual({
      _tag: 'TooOld',
      field: 'certificate',
      text: {
        key: 'rejection.TooOld',
        params: { what: 'The certificate', days: 90 },
        sentence: 'The certificate is older than 90 days. Choose another one.',
      },
      further: [],
    });
    expect(reject.Missing({}).field).toBeNull();
  });

  test('of several findings is the first of them with the others, and gives them back one by one', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((field) => reject.Missing({}, field));
    const all = together([together([a!, b!]), together([c!, d!])]);
    expect(all).toEqual({ ...a!, further: [b, c, d] });
    expect(findingsOf(all)).toEqual([a, b, c, d]);
    expect(together([a!])).toEqual(a);
  });

  test('can be translated: the sentences are known without their parameters', () =>
    expect(sentencesOf(reject)).toEqual([
      { key: 'rejection.TooOld', sentence: '{what} is older than {days} days. Choose another one.' },
      { key: 'rejection.Missing', sentence: 'There is none. Choose another one.' },
    ]));
});

describe('a text', () => {
  const say = textsOf('note', { Moved: '{count} of {count} moved to {place}.', Done: 'Done.' });

  test('has a key, parameters, and the sentence that they make', () => {
    expect(say('Moved', { count: 2, place: '{count}' })).toEqual({
      key: 'note.Moved',
      params: { count: 2, place: '{count}' },
      sentence: '2 of 2 moved to {count}.',
    });
    expect(say('Done', {})).toEqual({ key: 'note.Done', params: {}, sentence: 'Done.' });
  });

  test('that nobody has written reads as its key, and a parameter that is missing stays visible', () => {
    expect(say('Gone' as 'Done', {})).toEqual({ key: 'note.Gone', params: {}, sentence: 'Gone' });
    expect(fill('{a} {b} {} {c d}', { a: '', c: 1 })).toBe(' {b} {} {c d}');
  });

  test('can be translated', () =>
    expect(say.sentences).toEqual([
      { key: 'note.Moved', sentence: '{count} of {count} moved to {place}.' },
      { key: 'note.Done', sentence: 'Done.' },
    ]));
});
