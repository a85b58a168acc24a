/** A page of docs/ that is made from the code, so that it cannot say anything else. */
export interface GeneratedPage {
  /** Relative to the checkout. */
  readonly file: string;
  readonly text: () => string;
}

/** A Markdown table. Pipes inside cells would end them early. */
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`)
    .join('\n');

export const generatedNotice = '<!-- Made by `npm run docs`. Do not edit. -->';
