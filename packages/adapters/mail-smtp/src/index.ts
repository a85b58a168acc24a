export type { SmtpLimits } from './limits.ts';
export { smtpProbe, type SmtpProbeOptions } from './smtp-probe.ts';
