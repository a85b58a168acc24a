export { start } from './start.ts';
export { startCluster, type ClusterOptions, type SandboxCluster } from './cluster.ts';
export type { Sandbox, SandboxOptions } from './sandbox.ts';
export { Faults, type Aim, type CallName, type Fault, type Injection } from './faults/faults.ts';
export type { Refusal } from './wire/refusals.ts';
export type { Mode } from './calls/context.ts';
export type { TlsFiles } from './front/front.ts';
export { loopbackCertificate } from './front/certificate.ts';
