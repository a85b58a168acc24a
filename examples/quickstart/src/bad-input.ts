import { type Finding, sentenceOf } from '@mailroom/projections/configuration';

/** The reader has to change something: exit code 2, nothing was written. */
export class BadInput extends Error {
  readonly findings: readonly Finding[];
  constructor(findings: readonly Finding[]) {
    super(findings.map(sentenceOf).join('\n'));
    this.findings = findings;
  }
}
