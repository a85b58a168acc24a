export { type Account, type Accounts, createAccounts } from './accounts/account.ts';
export { createMessageStore, type Folder, type MessageStore, type StoredMessage } from './accounts/message-store.ts';
export { type Behaviour, healing, type Protocol } from './behaviours/behaviour.ts';
export { behaviour, type BehaviourName, behaviours } from './behaviours/catalogue.ts';
export {
  type Disposition,
  type FailureField,
  type FailureKind,
  failureKinds,
  type FailureTruth,
  type Scope,
  truthOf,
} from './behaviours/failure-kind.ts';
export {
  type CertificateName,
  certificateNames,
  type Certificates,
  certificatesStillTrue,
  restoreCertificates,
  serializeCertificates,
  type ServerCertificate,
} from './certificates/certificates.ts';
export { type CertificateOptions, createCertificates } from './certificates/create-certificates.ts';
export { type Flavour, flavoured, type FlavourName, flavours } from './flavours/flavours.ts';
export { startImapServer } from './imap/imap-server.ts';
export type { ImapServerOptions } from './imap/imap-settings.ts';
export {
  type DirectionTruth,
  type Persona,
  type PersonaEndpoint,
  type PersonaServer,
  personaServers,
} from './personas/persona.ts';
export { personas } from './personas/personas.ts';
export {
  type PersonaOptions,
  type RunningEndpoint,
  type RunningPersona,
  type RunningPersonas,
  startPersonas,
} from './personas/start-personas.ts';
export { startPop3Server } from './pop3/pop3-server.ts';
export type { Pop3ServerOptions } from './pop3/pop3-settings.ts';
export { type Mechanism, mechanisms } from './sasl/mechanism.ts';
export type { Need, RunningScenario, Scenario, ScenarioEndpoint, ScenarioOptions } from './scenarios/scenario.ts';
export { scenarios } from './scenarios/scenarios.ts';
export type { MailServerOptions } from './server-options.ts';
export { startSmtpServer } from './smtp/smtp-server.ts';
export type { SmtpServerOptions, SubmittedMessage } from './smtp/smtp-settings.ts';
export type { Connection } from './wire/connection.ts';
export type { Conversation, Outcome, Variables } from './wire/conversation.ts';
export { type Counters, type CounterStore, createCounters } from './wire/counters.ts';
export { type DeafPort, startDeafPort } from './wire/deaf-port.ts';
export { createGate, type Gate } from './wire/gate.ts';
export {
  type RunningServer,
  type Session,
  startLineServer,
  type TlsMode,
  type WireOptions,
} from './wire/line-server.ts';
export { closedPort } from './wire/ports.ts';
export {
  type Afterwards,
  bytes,
  closeConnection,
  hold,
  type Reaction,
  reply,
  resetConnection,
  type Rule,
  silence,
  type Step,
  tlsAlert,
} from './wire/script.ts';
export type { Split } from './wire/split.ts';
export type { Transcript, TranscriptEntry } from './wire/transcript.ts';
