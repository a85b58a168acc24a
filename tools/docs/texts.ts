import { type Sentence, sentences } from '@mailroom/domain';
import { sentencesOfViews } from '@mailroom/projections';
import { generatedNotice, type GeneratedPage, tableOf } from './generated-page.ts';

const sections: readonly (readonly [title: string, about: string, texts: readonly Sentence[]])[] = [
  [
    'Rejections',
    'A command that is turned down changes nothing, and says why. `field` of the rejection names the input.',
    sentences.rejections,
  ],
  [
    'What is missing',
    'What stands between a mailbox and working, as preflight and the status of a mailbox say it.',
    sentences.findings,
  ],
  ['Notes', 'What was done along with a command, or otherwise than asked.', sentences.notes],
  [
    'Advice',
    'What a failed check means and what to do: in steps, statuses and alerts. What each kind leads to stands in [Kinds of failure](failures.md).',
    sentences.advice,
  ],
  ['Alert mail', 'What the owner of a profile reads when most of its mailboxes fail.', sentences.alertMail],
  ['Alerts', 'An alert about a failure says its advice; the others say this.', sentencesOfViews.alerts],
  ['Audit trail', 'What the audit trail says about each event.', sentencesOfViews.history],
];

/** Every sentence for people, to be read one after the other and to be translated by key. */
export const texts: GeneratedPage = {
  file: 'docs/texts.md',
  text: () =>
    [
      generatedNotice,
      '# Texts',
      'Every text for people is a key with parameters and the English sentence that they make; a host translates by key. Parameters stand in braces.',
      ...sections.flatMap(([title, about, list]) => [
        `## ${title}`,
        about,
        tableOf(
          ['key', 'parameters', 'sentence'],
          list.map(({ key, sentence }) => [`\`${key}\``, parametersOf(sentence), sentence]),
        ),
      ]),
      '',
    ].join('\n\n'),
};

const parametersOf = (sentence: string): string =>
  [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => `\`${name}\``))].join(', ');
