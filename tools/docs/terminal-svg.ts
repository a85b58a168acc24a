/** A terminal as a picture: text with the colour codes that programs write, drawn so that it looks alike everywhere. */
export interface TerminalPicture {
  readonly title: string;
  /** Lines with ANSI codes; only bold, dim and the four colours of this project's commands are known. */
  readonly text: string;
  readonly columns: number;
}

const cellWidth = 8.4;
const lineHeight = 20;
const margin = 20;
const barHeight = 36;

/** Readable on the dark ground, by whoever cannot tell red from green too: marks carry the meaning as well. */
const colours: Readonly<Record<string, string>> = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };

interface Style {
  colour: string | null;
  bold: boolean;
  dim: boolean;
}

const apply = (style: Style, code: string): void => {
  if (code === '1') style.bold = true;
  else if (code === '2') style.dim = true;
  else if (code === '22') style.bold = style.dim = false;
  else if (code === '39') style.colour = null;
  else if (code in colours) style.colour = colours[code] ?? null;
  else throw new Error(`a terminal picture knows no code ${code}`);
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const attributes = ({ colour, bold, dim }: Style): string =>
  [colour === null ? '' : ` fill="${colour}"`, bold ? ' font-weight="bold"' : '', dim ? ' opacity="0.6"' : ''].join('');

/** Each piece stands in its column and has its width, whatever font the reader's machine has. */
const drawnLine = (line: string, top: number, style: Style): string => {
  const pieces: string[] = [];
  let column = 0;
  // Text and codes take turns.
  // eslint-disable-next-line no-control-regex -- the codes begin with a control character
  for (const [index, part] of line.split(/\u001b\[(\d+)m/).entries()) {
    if (index % 2 === 1) {
      apply(style, part);
      continue;
    }
    const width = Array.from(part).length;
    if (part.trim() !== '') {
      const x = (margin + column * cellWidth).toFixed(1);
      const length = (width * cellWidth).toFixed(1);
      pieces.push(`<tspan x="${x}" textLength="${length}"${attributes(style)}>${escaped(part)}</tspan>`);
    }
    column += width;
  }
  return pieces.length === 0 ? '' : `<text y="${top}" xml:space="preserve">${pieces.join('')}</text>`;
};

export const terminalSvg = ({ title, text, columns }: TerminalPicture): string => {
  const lines = text.split('\n');
  const width = Math.ceil(2 * margin + columns * cellWidth);
  const height = barHeight + margin + lines.length * lineHeight;
  const style: Style = { colour: null, bold: false, dim: false };
  const buttons = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${margin + index * 18}" cy="18" r="6" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    ...buttons,
    `<text x="${width / 2}" y="23" fill="#8b949e" text-anchor="middle" font-family="system-ui, sans-serif" font-size="13">${escaped(title)}</text>`,
    `<g fill="#e6edf3" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...lines
      .map((line, index) => drawnLine(line, barHeight + 14 + index * lineHeight, style))
      .filter((line) => line !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
};
