export { type Executor, executor } from './carry-out.ts';
export type { CarryOutEnvironment, CarryOutFailure, CheckAbandoned, CheckActivity } from './environment.ts';
