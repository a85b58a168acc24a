export type { Check, RunningStep, StepPlan } from './check/check.ts';
export { createProbe, defaultDeadlineMs, type ProbeParts } from './check/create-probe.ts';
export { type SpokenProtocol, sniffBanner, spokenNames } from './classify/banner.ts';
export { errorCodes, kindInPhase, kindOfNodeError } from './classify/node-error.ts';
export type { CheckBody } from './check/run-check.ts';
export { type ConnectionPolicy, permitsPort } from './connect/connection-policy.ts';
export type {
  CertificateFacts,
  Connector,
  MissingGreeting,
  OpenedConnection,
  PinnedAddress,
} from './connect/connector-types.ts';
export {
  createConnector,
  type ConnectorLimits,
  type ConnectorParts,
  defaultConnectorLimits,
} from './connect/create-connector.ts';
export { createResolver, type Resolver } from './connect/resolver.ts';
export { type AddressPolicy, createAddressPolicy, literalAddress } from './policy/address-policy.ts';
export { createRedactor, maxServerText, type Redactor } from './text/redact.ts';
export { cleanServerText } from './text/server-text.ts';
