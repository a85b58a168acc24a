import { type Bench, type Figure, median, perSecond, spent } from '../support/measure.ts';
import { inTurns, ratioOf } from '../support/rotation.ts';
import { bareTls, libraries } from './libraries.ts';
import { ourChecks } from './ours.ts';
import { withServers } from './servers.ts';

const checks = 1_000;
/** Before the clock starts, so that nobody is measured while Node still compiles. */
const warmUp = 150;

/** Runs numbered pieces of work, so many at the same time. */
export const atOnce = async (
  concurrency: number,
  count: number,
  work: (index: number) => Promise<void>,
): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
};

const protocols = [
  { protocol: 'imap', library: 'Imapflow' },
  { protocol: 'pop3', library: 'NodePop3' },
  { protocol: 'smtp', library: 'Nodemailer' },
] as const;

const benchOf = ({ protocol, library }: (typeof protocols)[number], concurrency: number): Bench => {
  const name = `${protocol}.c${concurrency}`;
  const figure = { library: `${name}.vs${library}`, tls: `${name}.vsTls`, resumed: `${name}.resumed` };
  return {
    names: Object.values(figure),
    run: (options) =>
      withServers(async (servers) => {
        const ours = ourChecks(servers)[protocol];
        const theirs = libraries(servers)[protocol];
        let run = 0;
        /** Checks per millisecond of this process's own work. */
        const rate = async (work: (index: number) => Promise<void>): Promise<number> => {
          const { cpu } = await spent(() => atOnce(concurrency, checks, work));
          return checks / cpu;
        };
        const contenders = {
          ours: () => rate((index) => ours(index)),
          theirs: () => rate(theirs),
          tls: () => rate(() => bareTls(servers, servers[protocol])),
          resumed: () => {
            const bulkRun = `run-${(run += 1)}`;
            return rate((index) => ours(index, { bulkRun }));
          },
        };
        await atOnce(concurrency, warmUp, (index) => ours(index));
        await atOnce(concurrency, warmUp, theirs);
        await atOnce(concurrency, warmUp, () => bareTls(servers, servers[protocol]));
        const rates = await inTurns(options, contenders);
        const shown = (contender: keyof typeof contenders): string => perSecond(median(rates[contender]));
        const both = `${shown('ours')} of CPU / `;
        return [
          { name: figure.library, value: ratioOf(rates.ours, rates.theirs), note: `${both}${shown('theirs')}` },
          { name: figure.tls, value: ratioOf(rates.ours, rates.tls), note: `${both}${shown('tls')}, bare handshake` },
          {
            name: figure.resumed,
            value: ratioOf(rates.resumed, rates.theirs),
            note: `${shown('resumed')} of CPU with resumed sessions / ${shown('theirs')}`,
          },
        ] satisfies readonly Figure[];
      }),
  };
};

/** What a check costs, alone and many at once, against the library it stands on and against a handshake. */
export const checkBenches: readonly Bench[] = protocols.flatMap((protocol) =>
  [1, 32].map((concurrency) => benchOf(protocol, concurrency)),
);
