import { defaultDeployment, type DeploymentPolicy } from '@mailroom/domain';

/** The operator's policy, with the defaults for what it leaves out. */
export const deploymentOf = (given: Partial<DeploymentPolicy> = {}): DeploymentPolicy => ({
  ...defaultDeployment,
  ...given,
});
