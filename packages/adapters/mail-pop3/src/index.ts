export { pop3Probe, type Pop3ProbeParts } from './pop3-probe.ts';
export { defaultPop3Limits, type Pop3Limits } from './session.ts';
