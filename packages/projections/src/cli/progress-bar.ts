import cliProgress from 'cli-progress';
import type { Io } from './io.ts';

/** How far a long piece of work has come. */
export interface ProgressBar {
  readonly at: (done: number) => void;
  readonly end: () => void;
}

const quiet: ProgressBar = { at: () => undefined, end: () => undefined };

/** A bar with rate and remaining time on a person's terminal; nothing anywhere else. `total` null: only a count. */
export const progressBar = (
  io: Pick<Io, 'showsProgress'>,
  title: string,
  total: number | null,
  unit = 'events',
): ProgressBar => {
  if (io.showsProgress !== true || total === 0) return quiet;
  const known = `${title} {bar} {percentage}%  {value}/{total} ${unit}  {eta_formatted} left`;
  const bar = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      format: total === null ? `${title} {value} ${unit}  {duration_formatted}` : known,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total ?? Number.MAX_SAFE_INTEGER, 0);
  return {
    at: (done) => bar.update(total === null ? done : Math.min(done, total)),
    end: () => bar.stop(),
  };
};
