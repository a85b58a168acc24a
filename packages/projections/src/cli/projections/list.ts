import { colours } from '../colours.ts';
import type { StoredProjection } from '../../host/index.ts';
import { type ExitCode, type Io, printJson } from '../io.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { printTable } from '../table.ts';
import { buildSettings, openBuilds, orEnd } from './open.ts';

export type ListFlags = SettingFlags & { readonly json?: boolean };

type Build = StoredProjection['builds'][number];

const behindInWords = ({ position, behind }: Build): string => {
  if (position === null) return 'nothing yet';
  if (behind === null) return 'unknown';
  if (behind.count === 0) return colours.green('up to date');
  return colours.yellow(`${behind.count} ${behind.unit} behind`);
};

const rowsOf = ({ name, kind, definition, active, builds }: StoredProjection): readonly (readonly string[])[] =>
  builds.length === 0
    ? [[name, kind, String(definition), '-', '-', 'not built here', '-']]
    : builds.map((build) => [
        name,
        kind,
        String(definition),
        String(build.version),
        build.version === active
          ? colours.green('active')
          : build.definition === definition
            ? ''
            : `definition ${build.definition}`,
        behindInWords(build),
        build.position ?? '-',
      ]);

/** Every projection, its builds, and how far the rows of each have come. A runner is not disturbed. */
export const projectionsList = async (flags: ListFlags, io: Io): Promise<ExitCode> => {
  const { settings } = resolveSettings(flags, io, buildSettings);
  const projections = await openBuilds(settings, { needsVault: false, mayBeNew: false });
  try {
    const listed = orEnd(await projections.list());
    if (flags.json === true) printJson(io, { projections: listed });
    else {
      const head = ['name', 'kind', 'definition', 'build', 'readers', 'state', 'position'];
      printTable(io, head, listed.flatMap(rowsOf));
    }
    return 0;
  } finally {
    await projections.close();
  }
};
