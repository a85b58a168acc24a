export { type Executor, executor } from './carry-out.ts';
export { roundTrip, type RoundTripReport, testMessageSubject } from './round-trip.ts';
export { anotherReader } from './other-readers.ts';
export type {
  AlertMailPorts,
  CarryOutEnvironment,
  CarryOutFailure,
  CheckAbandoned,
  CheckActivity,
  OperatorWarning,
  TestUnderWay,
} from './environment.ts';
