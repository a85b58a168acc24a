import type { CheckActivity, Mailroom } from '@mailroom/projections/host';
import { createLogUpdate } from 'log-update';
import { colours } from './colours.ts';

interface Line {
  readonly label: string;
  readonly channel: string;
  readonly startedAt: number;
  step: string;
  ended: { readonly verdict: string; readonly kind: string | null; readonly ms: number } | undefined;
}

/** Shows what the checks do. On a terminal one line for each, rewritten as it goes on; elsewhere one line at its end. */
export interface CheckWatcher {
  /** Leaves what is shown as it is and stops. */
  readonly stop: () => Promise<void>;
}

export const watchChecks = (
  mailroom: Pick<Mailroom, 'checks'>,
  nameOf: (mailboxId: string) => string,
  output: NodeJS.WriteStream,
): CheckWatcher => {
  const abort = new AbortController();
  const lines = new Map<string, Line>();
  const show = output.isTTY ? createLogUpdate(output) : undefined;
  const width = Math.min(output.columns > 0 ? output.columns : 80, 100);

  const draw = (): void => show?.([...lines.values()].map((line) => drawn(line, width)).join('\n'));
  // The elapsed time of a step that waits for a server goes on counting while nothing else happens.
  const tick = show === undefined ? undefined : setInterval(draw, 100);

  const take = (activity: CheckActivity): void => {
    const key = `${activity.testId} ${activity.channel}`;
    const line = lines.get(key);
    if (activity._tag === 'CheckStarted') {
      const label = nameOf(activity.mailboxId);
      lines.set(key, { label, channel: activity.channel, startedAt: Date.now(), step: 'waiting', ended: undefined });
    } else if (line !== undefined && activity._tag === 'StepStarted') {
      line.step = activity.step;
    } else if (line !== undefined && activity._tag === 'CheckEnded') {
      line.ended = { verdict: activity.verdict, kind: activity.kind, ms: Date.now() - line.startedAt };
      if (show === undefined) output.write(`${drawn(line, width)}\n`);
    }
    draw();
  };

  const following = (async () => {
    for await (const activity of mailroom.checks({ signal: abort.signal })) take(activity);
  })();

  return {
    stop: async () => {
      abort.abort();
      await following;
      clearInterval(tick);
      draw();
      show?.done();
    },
  };
};

/** What a person waits for, in words. */
const stepsInWords: Readonly<Record<string, string>> = {
  waiting: 'waits for its turn',
  policy: 'is this address allowed?',
  dns: 'looking up the host',
  connect: 'connecting',
  tls: 'agreeing on encryption',
  greeting: 'waiting for the greeting',
  capability: 'asking what the server can do',
  starttls: 'switching to encryption',
  auth: 'logging in',
  select: 'opening the inbox',
  list: 'looking into the mailbox',
  size: 'asking for the size limit',
  mailFrom: 'asking to send from this address',
  rcptTo: 'asking to send to this address',
  quit: 'saying goodbye',
};

const drawn = ({ label, channel, startedAt, step, ended }: Line, width: number): string => {
  const who = label.length > 28 ? `${label.slice(0, 27)}…` : label.padEnd(28);
  const where = channel.padEnd(9);
  if (ended === undefined) {
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    return cut(
      `${colours.cyan('…')} ${who} ${where} ${colours.dim(`${stepsInWords[step] ?? step} (${seconds} s)`)}`,
      width,
    );
  }
  const mark =
    ended.verdict === 'passed'
      ? colours.green('✓')
      : ended.verdict === 'warning'
        ? colours.yellow('!')
        : colours.red('✗');
  const words = ended.kind === null ? 'works' : ended.kind;
  return cut(`${mark} ${who} ${where} ${words} ${colours.dim(`${ended.ms} ms`)}`, width);
};

/** Colour codes take no room on the screen, so only plain text can be measured; lines here stay short enough. */
const cut = (line: string, width: number): string => (line.length > width + 40 ? line.slice(0, width + 40) : line);
