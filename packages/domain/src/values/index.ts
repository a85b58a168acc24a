export { domainOf, EmailAddress, sameAddressKey } from './email-address.ts';
export { Channel, Host, type IncomingProtocol, MailChannel, Port, Protocol, TlsMode } from './endpoint.ts';
export {
  derivedId,
  EpisodeId,
  MailboxId,
  mailboxIdOf,
  PersonId,
  personIdOf,
  ProfileId,
  TestId,
  testIdOfRun,
  TestRunId,
} from './ids.ts';
export {
  allowedPorts,
  automaticPort,
  automaticTls,
  isPortAllowed,
  type PortPolicy,
  portsInWords,
} from './port-policy.ts';
export { Secret, SecretRef } from './secret.ts';
export { Name, ServerText, UserName } from './text.ts';
export { between, count, instant, nullable, oneOf } from './wire.ts';
