import { dirname, join } from 'node:path';
import ts from 'typescript';

/** A block of TypeScript that stands in a Markdown file and comes from nowhere else. */
export interface LooseBlock {
  /** The Markdown file, relative to the checkout. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/**
 * Compiles loose blocks as if each were a file beside its Markdown file, so that they import what the package there
 * may import. Gives the problems, by place.
 */
export const compileBlocks = (root: string, blocks: readonly LooseBlock[]): readonly string[] => {
  if (blocks.length === 0) return [];
  const read = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)).config as {
    readonly compilerOptions: object;
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...read.compilerOptions,
      composite: false,
      incremental: false,
      declarationMap: false,
      noEmit: true,
      noUnusedLocals: false,
      rootDir: root,
      outDir: undefined,
      tsBuildInfoFile: undefined,
    },
    root,
  );
  const virtual = new Map(blocks.map((block) => [join(root, dirname(block.file), `block-${block.line}.ts`), block]));
  const host = ts.createCompilerHost(options);
  host.fileExists = (path) => virtual.has(path) || ts.sys.fileExists(path);
  // An empty export makes a module of a block that imports nothing.
  host.readFile = (path) => {
    const block = virtual.get(path);
    return block === undefined ? ts.sys.readFile(path) : `${block.text}\nexport {};\n`;
  };
  const program = ts.createProgram({ rootNames: [...virtual.keys()], options, host });
  return [...virtual].flatMap(([path, { file, line }]) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${file}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
};
