import { expect, test } from 'vitest';
import { pieces, type Split } from './split.ts';

const text = 'The quick brown fox\r\n.\r\n';
const content = Buffer.from(text);
const texts = (split: Split | undefined, sent = 0): readonly string[] =>
  pieces(content, split, sent).map((piece) => Buffer.from(piece).toString());

test('whatever the split, the pieces are the content', () => {
  const splits: Split[] = ['byte', ...[0, 1, 2, 7, 100].map((every) => ({ every })), { at: [3, 3, 1, 99, -4] }];
  for (const split of splits) {
    for (const sent of [0, 1, 2, 30]) expect(texts(split, sent).join('')).toBe(text);
  }
});

test('an offset counts from the start of the connection', () => {
  expect(texts({ at: [4, 9] })).toEqual(['The ', 'quick', ' brown fox\r\n.\r\n']);
  expect(texts({ at: [4, 9] }, 5)).toEqual(['The ', 'quick brown fox\r\n.\r\n']);
  expect(texts({ at: [4, 9] }, 9)).toEqual([text]);
  expect(texts({ every: 10 })).toEqual(['The quick ', 'brown fox\r', '\n.\r\n']);
  expect(texts('byte')).toHaveLength(text.length);
  expect(texts(undefined)).toEqual([text]);
});
