import type { JsonObject } from '@mailroom/domain';
import { type Bench, ratio, spent } from '../support/measure.ts';
import { events, inputFor, mailboxIds } from './workload.ts';

const distinct = 1000;
const repeats = 200;

/** Decoding one event of fifteen fields against parsing its JSON. Lower is better. */
export const decodeBench: Bench = {
  names: ['decode.vsJsonParse'],
  run: async (options) => {
    const texts = mailboxIds(distinct).map((id, n) => JSON.stringify(inputFor(id, n)));
    const stored = texts.map((text) => ({
      type: 'MailboxChecked',
      schemaVersion: 1,
      data: JSON.parse(text) as JsonObject,
    }));
    const seen: { last: unknown } = { last: undefined };
    const decode = async (): Promise<number> => {
      const { cpu } = await spent(() => {
        for (let n = 0; n < repeats; n++) {
          for (const event of stored) {
            const decoded = events.decode(event);
            if (decoded._tag === 'Left') throw new Error(decoded.left.problems.join(', '));
            seen.last = decoded.right;
          }
        }
      });
      return cpu / (distinct * repeats);
    };
    const parse = async (): Promise<number> => {
      const { cpu } = await spent(() => {
        for (let n = 0; n < repeats; n++) for (const text of texts) seen.last = JSON.parse(text);
      });
      return cpu / (distinct * repeats);
    };
    await decode();
    await parse();
    const result = await ratio(options, decode, parse);
    if (seen.last === undefined) throw new Error('nothing was decoded');
    const nanoseconds = (milliseconds: number): string => `${Math.round(milliseconds * 1e6)} ns`;
    const bytes = Math.round(texts.join('').length / distinct);
    const note = `${nanoseconds(result.ours)} · JSON.parse of ${bytes} bytes ${nanoseconds(result.limit)}`;
    return [{ name: 'decode.vsJsonParse', value: result.ratio, note }];
  },
};
