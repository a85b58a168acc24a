export {
  alertMailerLaws,
  type AlertMailerUnderTest,
  type MailServerState,
  type ReceivedMail,
} from './alert-mailer-laws.ts';
export { eventStoreLaws, type EventStoreUnderTest } from './event-store-laws.ts';
export { type InMemoryEventStore, inMemoryEventStore } from './in-memory-event-store.ts';
export { memoryVault, type MemoryVault } from './memory-vault.ts';
export { secretVaultLaws, type VaultPorts, type VaultUnderTest } from './secret-vault-laws.ts';
export { fails, passes, type ScriptedProbe } from './scripted-probe.ts';
export { createProfile, testWorld, type TestWorld } from './test-world.ts';
export { type Expectations, specificationOf } from './specification.ts';
export { isRequired, runsOf } from './test-size.ts';
export { viewStoreLaws, type ViewStoreUnderTest } from './view-store-laws.ts';
export { mailProbeLaws, type ProbeCase, type ProbeLaws, type ProbeScenario } from './mail-probe-laws.ts';
