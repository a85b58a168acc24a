export type { ChannelFacts, EndpointFacts, MissingFacts, ReadinessFacts } from './facts.ts';
export type { Finding, Outcome } from './finding.ts';
export { missing } from './missing.ts';
export { preflight, stoppedBy } from './preflight.ts';
