import { type CheckReport, EmailAddress, type Host, type Protocol, Secret, type StepName } from '@mailroom/domain';
import { createProbe } from '../check/create-probe.ts';
import type { CheckBody } from '../check/run-check.ts';

/** What is connected to, and for how long. */
export interface AnonymousTarget {
  readonly protocol: Protocol;
  readonly host: Host;
  readonly port: number;
  readonly tls: 'tls' | 'starttls';
  readonly deadlineMs: number;
}

/** No account takes part; the frame of a check wants one. The domain is reserved (RFC 2606). */
const nobody = EmailAddress.orThrow('nobody@example.invalid');
const nothing = { userName: '', secret: new Secret(''), kind: 'password', ofProfile: false } as const;

/** A check that knows no account: what it connects to is held to the same policy and limits as every other. */
export const checkAnonymously = (
  target: AnonymousTarget,
  steps: readonly StepName[],
  body: CheckBody,
  signal: AbortSignal,
): Promise<CheckReport> =>
  createProbe({ protocol: target.protocol, steps: () => steps, body }).check(
    { ...target, mechanism: 'auto', address: nobody, loginTemplate: null, folderTemplate: null },
    nothing,
    { signal },
  );
