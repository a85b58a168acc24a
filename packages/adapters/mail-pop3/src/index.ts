export { pop3Probe, type Pop3ProbeParts } from './pop3-probe.ts';
export { defaultPop3Limits, type Pop3Limits } from './session.ts';
export { type CommandFailed, type CommandRefused, type Pop3Commands, pop3Commands } from './wire/commands.ts';
export { type Reply } from './wire/reply.ts';
export {
  type Broken,
  createTransport,
  defaultTransportLimits,
  type Transport,
  type TransportLimits,
  type UnsafeArgument,
} from './wire/transport.ts';
