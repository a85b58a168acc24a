export { clientScenarios, type ClientScenario } from './client-scenarios.ts';
export { type Evidence, evidenceFor, occursIn } from './occurs.ts';
export type { NetworkOfTest } from './network-of-test.ts';
export { type ProbeOfTest, sandboxLaws } from './sandbox-laws.ts';
