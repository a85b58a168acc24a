export { type AdviceParams, adviceFor } from './advice.ts';
export { failure, type FailureOverrides } from './build-failure.ts';
export type { Failure } from './failure.ts';
export {
  type Disposition,
  dispositions,
  type FailureField,
  failureFields,
  type KindOfFailure,
  type Phase,
  phases,
  type Scope,
  scopes,
} from './kind-of-failure.ts';
export { type FailureKind, failureKinds, failureTaxonomy, isFailureKind, kindOf } from './kinds.ts';
