export type { Check, RunningStep, StepPlan } from './check/check.ts';
export { greetingLimitMs } from './check/greeting-limit.ts';
export { fillTemplate, type LoginIdentity, loginIdentityOf } from './check/login-name.ts';
export { createProbe, defaultDeadlineMs, type ProbeParts } from './check/create-probe.ts';
export { type SpokenProtocol, sniffBanner, spokenNames } from './classify/banner.ts';
export { classifyRefusal } from './classify/classify.ts';
export { type Provider, type ProviderRule, type ProviderTraits, recogniseProvider } from './classify/provider.ts';
export { providerHints } from './classify/provider-hint.ts';
export { type ProviderServer, serversAt } from './classify/provider-servers.ts';
export { knownProviders } from './classify/providers.ts';
export { type Circumstances, type Refusal, retryHintSeconds, type Verdict } from './classify/verdict.ts';
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
export type { Connect } from './connect/dial.ts';
export { createResolver, type Resolver } from './connect/resolver.ts';
export { type AddressPolicy, createAddressPolicy, literalAddress } from './policy/address-policy.ts';
export {
  needsToken,
  revealsSecret,
  saysWhomToActFor,
  type SaslClient,
  type SaslIdentity,
  type SaslMechanism,
  saslMechanisms,
} from './sasl/sasl.ts';
export { type LoginChoice, mechanismsFor } from './sasl/choose-mechanism.ts';
export { createSaslClient } from './sasl/sasl-client.ts';
export { createFetchDocument, type FetchDocument, type FetchOptions } from './suggest/fetch-document.ts';
export { createRecordResolver, type MxRecord, type RecordResolver, type SrvRecord } from './suggest/records.ts';
export { type SuggestOptions, suggestSettings } from './suggest/suggest-settings.ts';
export type { Candidate, Suggestion, SuggestionSource } from './suggest/suggestion.ts';
export { createRedactor, maxServerText, type Redactor } from './text/redact.ts';
export { cleanServerText } from './text/server-text.ts';
export { lineChannel, type LineChannel, type LineResult } from './wire/line-channel.ts';
