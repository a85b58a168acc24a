import { reject as ofAddress } from '../address/rejections.ts';
import { sentencesOf } from '../kernel/rejection.ts';
import type { Sentence } from '../kernel/text.ts';
import { rejections as ofMailbox } from '../mailbox/rejections.ts';
import { reject as ofProfile } from '../profile/rejections.ts';
import { reject as ofSettings } from '../settings/rejections.ts';
import { failureKinds, kindOf } from '../taxonomy/index.ts';
import { rejections as ofTestRun } from '../test-run/rejections.ts';
import { mailText } from './carry-out/alert-mail-texts.ts';
import { reject as ofInput } from './edge/invalid-command.ts';
import { findingText } from './readiness/finding.ts';
import { note, reject as ofUseCases } from './use-cases/texts.ts';

/**
 * Every sentence the domain can say to a person, by sort and key: what a translation has to cover. A key that several
 * aggregates know means the same in each of them.
 */
export const sentences = {
  rejections: [
    ...new Map(
      [ofInput, ofUseCases, ofProfile, ofSettings, ofMailbox, ofAddress, ofTestRun]
        .flatMap((table) => sentencesOf(table))
        .map((one) => [one.key, one]),
    ).values(),
  ],
  findings: findingText.sentences,
  notes: note.sentences,
  alertMail: mailText.sentences,
  advice: failureKinds.map((kind) => ({ key: `advice.${kind}`, sentence: kindOf(kind).advice })),
} as const satisfies Readonly<Record<string, readonly Sentence[]>>;
