export type { ChannelFacts, EndpointFacts, MissingFacts, ReadinessFacts } from './facts.ts';
export { type Finding, findingText, type Outcome } from './finding.ts';
export { missing } from './missing.ts';
export { preflight, stoppedBy, testedChannels } from './preflight.ts';
