import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './run.ts';

/** A package as it would be published. */
export interface Tarball {
  readonly name: string;
  /** The entry points of its `exports`, such as `.` and `./host`. */
  readonly entries: readonly string[];
  readonly file: string;
  /** What lies in it, relative to the package. */
  readonly files: readonly string[];
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const foldersOf = (root: string): readonly string[] =>
  ['packages', 'packages/adapters']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')));

/** The compiler leaves behind what it built from sources that are gone. */
const removeStale = (folder: string): void => {
  for (const file of readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })) {
    const [, module] = /^(.*)\.(?:js|d\.ts)(?:\.map)?$/.exec(file) ?? [];
    if (module !== undefined && !existsSync(join(folder, 'src', `${module}.ts`))) rmSync(join(folder, 'dist', file));
  }
};

/** Packs what was built of every package that is published into a folder, which holds nothing else afterwards. */
export const packAll = async (root: string, folder: string): Promise<readonly Tarball[]> => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly packageManager: string;
  };
  const folders = foldersOf(root);
  folders.forEach(removeStale);
  const args = [
    '-y',
    packageManager,
    'pack',
    '-r',
    '--filter',
    './packages/**',
    '--pack-destination',
    folder,
    '--json',
  ];
  const printed = await mustRun('npx', args, { cwd: root });
  const packed = JSON.parse(printed.slice(printed.search(/^[[{]/m))) as Packed | readonly Packed[];
  const manifests = new Map(folders.map(manifestOf).map((manifest) => [manifest.name, manifest]));
  return [packed].flat().map(({ name, filename, files }) => ({
    name,
    entries: Object.keys(manifests.get(name)?.exports ?? {}),
    file: filename,
    files: files.map(({ path }) => path.replaceAll('\\', '/')),
  }));
};
