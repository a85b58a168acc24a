import { type Bench, type Figure, median, perSecond, spent } from '../support/measure.ts';
import { inTurns, ratioOf } from '../support/rotation.ts';
import { bareTls, libraries } from './libraries.ts';
import { ourChecks } from './ours.ts';
import { withServers } from './servers.ts';

const checks = 1_000;
/** In how many turns they are made. */
const slices = 10;
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
        let next = 0;
        /** A slice of the checks, each with an identity of its own; gives this process's own work in milliseconds. */
        const slice = async (work: (index: number) => Promise<void>): Promise<number> => {
          const first = next;
          next += checks / slices;
          return (await spent(() => atOnce(concurrency, checks / slices, (index) => work(first + index)))).cpu;
        };
        const contenders = {
          ours: () => slice((index) => ours(index)),
          theirs: () => slice(theirs),
          tls: () => slice(() => bareTls(servers, servers[protocol])),
          resumed: (round: number) => slice((index) => ours(index, { bulkRun: `run-${round}` })),
        };
        await atOnce(concurrency, warmUp, (index) => ours(index));
        await atOnce(concurrency, warmUp, theirs);
        await atOnce(concurrency, warmUp, () => bareTls(servers, servers[protocol]));
        const costs = await inTurns(options, slices, contenders);
        const shown = (contender: keyof typeof contenders): string => perSecond(checks / median(costs[contender]));
        const both = `${shown('ours')} of CPU / `;
        return [
          { name: figure.library, value: ratioOf(costs.ours, costs.theirs), note: `${both}${shown('theirs')}` },
          { name: figure.tls, value: ratioOf(costs.ours, costs.tls), note: `${both}${shown('tls')}, bare handshake` },
          {
            name: figure.resumed,
            value: ratioOf(costs.resumed, costs.theirs),
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
