export type { Check, RunningStep, StepPlan } from './check/check.ts';
export { createProbe, defaultDeadlineMs, type ProbeParts } from './check/create-probe.ts';
export type { CheckBody } from './check/run-check.ts';
export { type ConnectionPolicy, permitsPort } from './connect/connection-policy.ts';
export type {
  CertificateFacts,
  Connector,
  MissingGreeting,
  OpenedConnection,
  PinnedAddress,
} from './connect/connector-types.ts';
export { createRedactor, maxServerText, type Redactor } from './text/redact.ts';
export { cleanServerText } from './text/server-text.ts';
