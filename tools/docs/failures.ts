import { failureTaxonomy } from '@mailroom/domain';
import { generatedNotice, type GeneratedPage, tableOf } from './generated-page.ts';

/** Every kind of failure of a check, with what a person reads. */
export const failures: GeneratedPage = {
  file: 'docs/failures.md',
  text: () =>
    [
      generatedNotice,
      '# Kinds of failure',
      'What a check can end with: where it happened, what follows (`permanent`: somebody has to change something; `transient`: tried again by plan; `uncertain`: permanent on a channel that never worked, else tried twice more; `warning`: the check passes; `ours`: our own trouble or policy), whom it concerns, and what the person reads. Names in braces are filled in.',
      tableOf(
        ['kind', 'phase', 'disposition', 'scope', 'field', 'advice'],
        Object.entries(failureTaxonomy).map(([kind, { phase, disposition, scope, field, advice }]) => [
          `\`${kind}\``,
          phase,
          disposition,
          scope,
          field ?? '',
          advice,
        ]),
      ),
      '',
    ].join('\n\n'),
};
