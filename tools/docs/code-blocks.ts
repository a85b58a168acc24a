import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readConfiguration, sentenceOf } from '@mailroom/projections/configuration';
import * as E from 'fp-ts/lib/Either.js';
import type { LooseBlock } from './compile-blocks.ts';

interface Block {
  readonly language: string;
  readonly text: string;
  /** The comment above it that says where it comes from: `<!-- examples/quickstart/src/x.ts#region -->`. */
  readonly origin: string | undefined;
  readonly line: number;
}

/** Every Markdown file of the checkout that people read. */
export const markdownFiles = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter(
      (file) =>
        file.endsWith('.md') &&
        !/(^|\/)(node_modules|dist|\.git|\.mailroom|\.stryker-tmp|coverage|reports)\//.test(file),
    );

/** The blocks of TypeScript that name no file they come from: they are compiled by themselves. */
export const looseBlocksOf = (root: string, file: string): readonly LooseBlock[] =>
  blocksOf(readFileSync(join(root, file), 'utf8'))
    .filter(({ language, origin }) => language === 'ts' && origin === undefined)
    .map(({ line, text }) => ({ file, line, text }));

/** What is wrong with the code blocks of one file: each has to come from somewhere that is compiled, run or checked. */
export const problemsOfBlocks = (root: string, file: string): readonly string[] =>
  blocksOf(readFileSync(join(root, file), 'utf8')).flatMap((block) =>
    problemsOf(root, block).map((problem) => `${file}:${block.line}: ${problem}`),
  );

/** The Markdown with every block that names its origin as that is now. */
export const withFreshBlocks = (root: string, markdown: string): string =>
  markdown.replace(
    /(<!-- (\S+#\S+) -->\n+```ts\n)[\s\S]*?(^```$)/gm,
    (_, before: string, origin: string, after: string) => `${before}${regionOf(root, origin)}\n${after}`,
  );

/** Links of one file to files that are not there. */
export const brokenLinksOf = (root: string, file: string): readonly string[] => {
  const text = readFileSync(join(root, file), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !existsSync(join(root, dirname(file), target)))
    .map((target) => `${file}: there is no ${target}`);
};

const blocksOf = (markdown: string): readonly Block[] => {
  const blocks: Block[] = [];
  const fence = /(?:<!-- (\S+) -->\n+)?^```(\w*)\n([\s\S]*?)^```$/gm;
  for (const match of markdown.matchAll(fence)) {
    const [whole, origin, language = '', text = ''] = match;
    const line = markdown.slice(0, match.index + whole.indexOf('```')).split('\n').length;
    blocks.push({ language, text, origin, line });
  }
  return blocks;
};

const problemsOf = (root: string, { language, text, origin }: Block): readonly string[] => {
  switch (language) {
    case 'ts':
      return origin === undefined || regionOf(root, origin) === text.trim() ? [] : [`differs from ${origin}`];
    case 'json':
      return origin === 'configuration' ? configurationProblems(text) : jsonProblems(text);
    case 'sh':
      return text.split('\n').flatMap((command) => commandProblems(root, command.trim()));
    case 'text':
    case 'mermaid':
      return [];
    default:
      return [`a block of "${language}" is neither compiled nor run`];
  }
};

/** The text between `// #region name` and `// #endregion name`, without its common indentation. */
const regionOf = (root: string, origin: string): string => {
  const [file = '', name = ''] = origin.split('#');
  const source = readFileSync(join(root, file), 'utf8');
  const region = new RegExp(`// #region ${name}\\n([\\s\\S]*?)\\n[ \\t]*// #endregion ${name}`).exec(source)?.[1] ?? '';
  const lines = region.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines
    .map((line) => line.slice(indent))
    .join('\n')
    .trim();
};

const jsonProblems = (text: string): readonly string[] => {
  try {
    JSON.parse(text);
    return [];
  } catch {
    return ['is not JSON'];
  }
};

const configurationProblems = (text: string): readonly string[] => {
  const read = readConfiguration(text, {
    // Any variable of an example counts as set.
    environment: new Proxy({}, { get: () => 'set' }),
    terminal: true,
    readText: () => '-----BEGIN CERTIFICATE-----',
  });
  return E.isLeft(read) ? read.left.map(sentenceOf) : [];
};

const commandProblems = (root: string, command: string): readonly string[] => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const [, script] = /^(?:[A-Z_]+=\S+ )*npm (?:run )?(?:--silent )?([\w:]+)/.exec(command) ?? [];
  if (script !== undefined) return script in scripts ? [] : [`there is no script "${script}"`];
  return command === '' ||
    /^(#|([A-Z_]+=\S+ )*(pnpm exec )?mailroom |git clone |cd |npm install |([A-Z_]+=\S+ )*node [\w-]+\.mjs$)/.test(
      command,
    )
    ? []
    : [`not a command of this project: ${command}`];
};
