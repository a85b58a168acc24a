export { inMemoryEventStore } from './in-memory-event-store.ts';
export { type Expectations, specificationOf } from './specification.ts';
export { isRequired, runsOf } from './test-size.ts';
