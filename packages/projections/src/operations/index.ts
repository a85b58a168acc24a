export { type Health, healthOf, type Watched, type WatchedFollower } from './health.ts';
export { createLog, type LogOptions } from './log.ts';
export { metricsOf, type MetricsSource } from './metrics.ts';
export { operationsServer, type OperationsServer, type OperationsServerOptions } from './server.ts';
export { observeProgress } from './telemetry.ts';
export { type Watch, watch, type WatchOptions } from './watch.ts';
