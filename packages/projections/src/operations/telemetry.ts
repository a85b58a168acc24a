import {
  type Attributes,
  type Context,
  context,
  metrics,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import type { EventStore, Executor, Instruction, NewEvent, ViewStore } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { FollowerProgress } from '../runner/progress.ts';

// Only the API package: without an SDK in the process all of this does nothing. Spans and metrics hold names, counts
// and ids, never what an event or row says.
const instrumentation = '@mailroom/projections';
const tracer = () => trace.getTracer(instrumentation);

/** Runs a task in a span that ends with it; a Left makes it an error, told by its tag alone. */
const inSpan = <Failure extends { readonly _tag: string }, Value>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  parent: Context,
  task: TaskEither<Failure, Value>,
  onRight: (span: Span, value: Value) => void = () => undefined,
): Promise<E.Either<Failure, Value>> =>
  tracer().startActiveSpan(name, { kind, attributes }, parent, async (span) => {
    try {
      const result = await task();
      if (E.isRight(result)) onRight(span, result.right);
      else span.setStatus({ code: SpanStatusCode.ERROR, message: result.left._tag });
      return result;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'thrown value' });
      throw error;
    } finally {
      span.end();
    }
  });

const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The trace that a command came in with, as its events carry it on; else whatever is active here. */
const contextOf = (event: NewEvent | undefined): Context => {
  const [, traceId, spanId, flags] = traceparent.exec(event?.metadata.traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return context.active();
  const traceFlags = Number.parseInt(flags ?? '0', 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
};

/** The same store, with a span for each append: in the trace of the command that its events come from. */
export const tracedStore = (store: EventStore): EventStore => ({
  ...store,
  append: (stream, expected, events) => () =>
    inSpan(
      'mailroom.append',
      SpanKind.CLIENT,
      {
        'mailroom.stream.category': stream.slice(0, stream.indexOf('-')),
        'mailroom.events': events.length,
        'mailroom.command': events[0]?.metadata.command ?? '',
        'mailroom.organization': events[0]?.metadata.organizationId ?? '',
      },
      contextOf(events[0]),
      store.append(stream, expected, events),
      (span, { position, repeated }) => {
        span.setAttributes({ 'mailroom.position': position, 'mailroom.repeated': repeated });
      },
    ),
});

/** The same view store, with a span for each commit. */
export const tracedViews = (views: ViewStore): ViewStore => ({
  ...views,
  commit: (view, from, to, rows) => () =>
    inSpan(
      'mailroom.commit',
      SpanKind.CLIENT,
      {
        'mailroom.projection': view.name,
        'mailroom.build': view.version,
        'mailroom.rows': rows.size,
        'mailroom.position': to,
      },
      context.active(),
      views.commit(view, from, to, rows),
    ),
});

/** The same executor, with a span for each instruction that is carried out. */
export const tracedExecutor = (executor: Executor): Executor => ({
  ...executor,
  carryOut: (instruction: Instruction, signal) => () =>
    inSpan(
      `mailroom.${instruction.type}`,
      SpanKind.INTERNAL,
      { 'mailroom.instruction': instruction.type, 'mailroom.organization': instruction.organizationId },
      context.active(),
      executor.carryOut(instruction, signal),
    ),
});

/**
 * Observes progress through the OpenTelemetry API: lag, rate, parked keys and events of each view and process. Ends with
 * the call of what it returns.
 */
export const observeProgress = (progress: () => readonly FollowerProgress[]): (() => void) => {
  const meter = metrics.getMeter(instrumentation);
  const lag = meter.createObservableGauge('mailroom.projection.lag', {
    description: 'Age of the last event that was taken in, while catching up; 0 when live.',
    unit: 's',
  });
  const behind = meter.createObservableGauge('mailroom.projection.behind', {
    description: 'Events still to come, where the store counts events.',
    unit: '{event}',
  });
  const parked = meter.createObservableGauge('mailroom.projection.parked', {
    description: 'Keys that wait behind an event that could not be applied.',
    unit: '{key}',
  });
  const events = meter.createObservableCounter('mailroom.projection.events', {
    description: 'Events that this process has folded.',
    unit: '{event}',
  });
  const observed = [lag, behind, parked, events];
  const observe: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    for (const one of progress()) {
      const { name, kind, state, lagMs, lagEvents } = one;
      const attributes = { 'mailroom.projection': name, 'mailroom.kind': kind, 'mailroom.state': state };
      if (lagMs !== null) result.observe(lag, lagMs / 1000, attributes);
      if (lagEvents !== null) result.observe(behind, lagEvents, attributes);
      result.observe(parked, one.parked.length, attributes);
      result.observe(events, one.events, { 'mailroom.projection': name, 'mailroom.kind': kind });
    }
  };
  meter.addBatchObservableCallback(observe, observed);
  return () => meter.removeBatchObservableCallback(observe, observed);
};
