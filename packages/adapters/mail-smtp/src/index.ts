export { smtpProbe, type SmtpProbeOptions } from './smtp-probe.ts';
