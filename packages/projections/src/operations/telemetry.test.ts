import { context, metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { StreamName } from '@mailroom/domain';
import { inMemoryEventStore } from '@mailroom/domain/testing';
import * as E from 'fp-ts/lib/Either.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryViewStore } from '../runner/memory-view-store.ts';
import { observeProgress, tracedStore, tracedViews } from './telemetry.ts';
import { aProgress } from './test-support.ts';

const spans = new InMemorySpanExporter();
beforeEach(() => {
  spans.reset();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
});
afterEach(() => {
  trace.disable();
  metrics.disable();
  context.disable();
});

const stream = StreamName.orThrow('mailbox-1');
const eventWith = (traceparent: string | undefined, data = {}) => ({
  id: '00000000-0000-4000-8000-000000000001',
  type: 'MailboxRenamed',
  schemaVersion: 1,
  data,
  metadata: {
    commandId: '00000000-0000-4000-8000-000000000002',
    correlationId: '00000000-0000-4000-8000-000000000002',
    causationId: '00000000-0000-4000-8000-000000000002',
    actorId: 'ada',
    actorKind: 'person' as const,
    organizationId: 'org-1',
    command: 'RenameMailbox',
    ...(traceparent === undefined ? {} : { traceparent }),
  },
});

test('an append is a span in the trace of its command, and holds nothing of the event', async () => {
  const traceId = 'a'.repeat(32);
  const store = tracedStore(inMemoryEventStore());
  const event = eventWith(`00-${traceId}-${'b'.repeat(16)}-01`, { name: 'Ada Lovelace' });
  expect(E.isRight(await store.append(stream, 'noStream', [event])())).toBe(true);
  const [span] = spans.getFinishedSpans();
  expect(span).toMatchObject({
    name: 'mailroom.append',
    attributes: { 'mailroom.command': 'RenameMailbox', 'mailroom.events': 1, 'mailroom.stream.category': 'mailbox' },
    parentSpanContext: { traceId, spanId: 'b'.repeat(16), isRemote: true },
  });
  expect(span?.spanContext().traceId).toBe(traceId);
  expect(JSON.stringify(span?.attributes)).not.toContain('Lovelace');
});

test('what was refused is a span that failed, told by its tag', async () => {
  const store = tracedStore(inMemoryEventStore());
  expect(E.isLeft(await store.append(stream, 7, [eventWith('no trace')])())).toBe(true);
  expect(spans.getFinishedSpans()).toMatchObject([{ status: { code: 2, message: 'WrongExpectedRevision' } }]);
});

test('a commit of rows is a span', async () => {
  const views = tracedViews(memoryViewStore());
  const view = { name: 'mailboxes', version: 3 };
  const opened = await views.open(view)();
  if (E.isLeft(opened)) throw new Error('cannot be opened');
  const committed = await views.commit(view, opened.right, '1' as never, new Map([['a', { secret: 'x' }]]))();
  expect(E.isRight(committed)).toBe(true);
  expect(spans.getFinishedSpans()).toMatchObject([
    {
      name: 'mailroom.commit',
      attributes: { 'mailroom.projection': 'mailboxes', 'mailroom.build': 3, 'mailroom.rows': 1 },
    },
  ]);
});

test('progress is observed while it is asked for', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const end = observeProgress(() => [aProgress({ lagMs: 1500, lagEvents: 4, events: 9 })]);
  await reader.forceFlush();
  const found = (exporter.getMetrics()[0]?.scopeMetrics ?? []).flatMap((scope) => scope.metrics);
  expect(new Map(found.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value]))).toEqual(
    new Map([
      ['mailroom.projection.lag', 1.5],
      ['mailroom.projection.behind', 4],
      ['mailroom.projection.parked', 0],
      ['mailroom.projection.events', 9],
    ]),
  );
  end();
  await reader.shutdown();
});
