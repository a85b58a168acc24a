export { applyConfiguration, type ConfigurationTarget, principalOf } from './apply-configuration.ts';
export type {
  Configuration,
  ConfiguredEndpoint,
  ConfiguredMailbox,
  ConfiguredProfile,
  Password,
} from './configuration.ts';
export { type Finding, sentenceOf } from './findings.ts';
export { type ConfigurationSources, readConfiguration } from './read-configuration.ts';
export { processKeys, type ProcessSetting, processSettings } from './process-settings.ts';
