import { failureKinds, type FailureKind, kindOf } from '@mailroom/domain';
import { evidenceFor, occursIn } from '@mailroom/mail-sandbox/testing';
import { generatedNotice, type GeneratedPage, tableOf } from './generated-page.ts';

const sentences = [
  'What a check can end with: where it happened, what follows (`permanent`: somebody has to change something; `transient`: tried again by plan; `uncertain`: permanent on a channel that never worked, else tried twice more; `warning`: the check passes; `ours`: our own trouble or policy), whom it concerns, and what the person reads. Names in braces are filled in.',
  'Under each kind stand the signals by which it is recognised, for each protocol, and the scenario of the mail sandbox that proves it: the checks of every protocol are run against all of its scenarios, in one piece and byte by byte.',
];

/** Found around a check, not by it; what shows them there. */
const aroundChecks: Partial<Readonly<Record<FailureKind, string>>> = {
  SecretUnavailable: 'The vault has no such secret, or cannot open it. Shown by the tests of carrying out a test.',
  OAuthRefreshFailed: 'The provider of tokens gives none. Shown by the tests of carrying out a test.',
  ChecksRateLimited: 'Too many checks wait already. Shown by the tests of the limits of checks.',
};

const signalsOf = (kind: FailureKind): string => {
  const rows = occursIn(kind).flatMap((protocol) =>
    evidenceFor(kind)
      .filter((one) => one.protocol === protocol)
      .map(({ name, when }) => [protocol, when, `\`${name}\``]),
  );
  return rows.length === 0 ? (aroundChecks[kind] ?? '') : tableOf(['protocol', 'signal', 'proved by'], rows);
};

/** Every kind of failure of a check: what a person reads, how it is recognised, and what proves that. */
export const failures: GeneratedPage = {
  file: 'docs/failures.md',
  text: () =>
    [
      generatedNotice,
      '# Kinds of failure',
      ...sentences,
      tableOf(
        ['kind', 'phase', 'disposition', 'scope', 'field', 'advice'],
        failureKinds.map((kind) => {
          const { phase, disposition, scope, field, advice } = kindOf(kind);
          return [`\`${kind}\``, phase, disposition, scope, field ?? '', advice];
        }),
      ),
      '## Signals',
      ...failureKinds.flatMap((kind) => [`### ${kind}`, signalsOf(kind)]),
      '',
    ].join('\n\n'),
};
