export { type Executor, executor } from './carry-out.ts';
export type {
  AlertMailPorts,
  CarryOutEnvironment,
  CarryOutFailure,
  CheckAbandoned,
  CheckActivity,
} from './environment.ts';
