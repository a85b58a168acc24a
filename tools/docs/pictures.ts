import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedPage } from './generated-page.ts';
import { terminalSvg } from './terminal-svg.ts';

/** What the quickstart said when it was recorded last: `npm run quickstart` in colours, 80 columns wide. */
const recording = (): string =>
  readFileSync(join(import.meta.dirname, '../../docs/images/quickstart.ansi'), 'utf8').trimEnd();

/** The lines from the one that starts with `from` up to the one before `to`. */
const excerpt = (from: string, to: string): string => {
  const lines = recording().split('\n');
  const start = lines.findIndex((line) => line.includes(from));
  const end = lines.findIndex((line, index) => index > start && line.includes(to));
  if (start < 0 || end < 0) throw new Error(`the recording has no "${from}" before a "${to}"`);
  return lines.slice(start, end).join('\n').trimEnd();
};

/** The pictures of the README, made from a recorded run. */
export const pictures: readonly GeneratedPage[] = [
  {
    file: 'docs/images/quickstart.svg',
    text: () =>
      terminalSvg({
        title: 'npm run quickstart',
        text: `\u001b[2m$\u001b[22m npm run quickstart\n${excerpt('Mailroom:', 'Mailboxes')}`,
        columns: 100,
      }),
  },
  {
    file: 'docs/images/alerts-wall.svg',
    text: () => terminalSvg({ title: 'the alerts wall', text: excerpt('Alerts wall', 'History of'), columns: 84 }),
  },
];
