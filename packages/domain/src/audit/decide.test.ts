import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PrincipalId } from '../kernel/command.ts';
import { replay } from '../kernel/decider.ts';
import { actorOf, contextOf } from '../testing/contexts.ts';
import { specificationOf } from '../testing/specification.ts';
import { runsOf } from '../testing/test-size.ts';
import * as Audit from './index.ts';

const { given } = specificationOf(Audit.decider);
const start = Date.parse('2026-01-01T09:00:00.000Z');
const minute = 60_000;
const { organizationId, id: principalId } = actorOf();

const what = { wanted: 'ApproveMailbox', reason: 'privilegeMissing', privileges: ['addresses.approve'] } as const;
const refusal = (changes: Partial<Audit.RecordRefusal> = {}, after = 0): Audit.RecordRefusal => ({
  type: 'RecordRefusal',
  context: contextOf({ at: new Date(start + after) }),
  recordId: null,
  ...what,
  ...changes,
});
const refused = (changes: object = {}, after = 0): Audit.Event =>
  Audit.AccessRefused({
    organizationId,
    principalId,
    ...what,
    recordId: null,
    refusedAt: new Date(start + after),
    ...changes,
  });

describe('a refusal', () => {
  test('is recorded with what was wanted and why not', () => given().when(refusal()).thenEvents(refused()));

  test('is recorded once when it comes again soon, on whatever record', () => {
    given(refused())
      .when(refusal({}, Audit.sameWithin - 1))
      .thenNothing();
    given(refused())
      .when(refusal({ recordId: 'another' }, minute))
      .thenNothing();
    given(refused()).when(refusal({}, Audit.sameWithin)).thenEvents(refused({}, Audit.sameWithin));
  });

  test('is the same in whatever order its privileges are named', () => {
    const both = ['addresses.approve', 'settings.write'] as const;
    given(refused({ privileges: both }))
      .when(refusal({ privileges: [...both].reverse() }, minute))
      .thenNothing();
  });

  test('of another command, reason or privilege is another one', () => {
    for (const change of [
      { wanted: 'RejectMailbox' },
      { reason: 'insecureChannel', privileges: [] },
      { privileges: ['addresses.approve', 'settings.write'] },
    ] as const) {
      given(refused()).when(refusal(change, minute)).thenEvents(refused(change, minute));
    }
  });

  test('is the twentieth of an hour, the twenty-first waits until the first is an hour old', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => refused({ wanted: `W${index}` }, index));
    const next = (after: number) => refusal({ wanted: 'One more' }, after);
    const kept = (after: number) => refused({ wanted: 'One more' }, after);
    given(...many(Audit.mostInAnHour - 1))
      .when(next(minute))
      .thenEvents(kept(minute));
    given(...many(Audit.mostInAnHour))
      .when(next(minute))
      .thenNothing();
    given(...many(Audit.mostInAnHour))
      .when(next(60 * minute - 1))
      .thenNothing();
    given(...many(Audit.mostInAnHour))
      .when(next(60 * minute))
      .thenEvents(kept(60 * minute));
  });

  test('whatever is tried, the trail takes a bounded number in an hour and goes on after it', () => {
    const tries = fc.array(fc.record({ wanted: fc.constantFrom('A', 'B', 'C', 'D', 'E'), wait: fc.nat(8 * minute) }), {
      minLength: 30,
      maxLength: 120,
    });
    fc.assert(
      fc.property(tries, (tried) => {
        const history: Audit.Event[] = [];
        let now = 0;
        for (const { wanted, wait } of tried) {
          now += wait;
          const decision = Audit.decider.decide(refusal({ wanted }, now), replay(Audit.decider, history));
          if (decision._tag === 'Right') history.push(...decision.right);
        }
        const times = history.flatMap(({ type, data }) =>
          type === 'AccessRefused' ? [{ at: data.refusedAt.getTime(), wanted: data.wanted }] : [],
        );
        for (const { at, wanted } of times) {
          const earlier = times.filter((other) => other.at <= at && at - other.at < 60 * minute);
          expect(earlier.length).toBeLessThanOrEqual(Audit.mostInAnHour);
          const same = earlier.filter((other) => other.wanted === wanted && at - other.at < Audit.sameWithin);
          expect(same.length).toBe(1);
        }
        const later = refusal({}, now + 60 * minute);
        expect(Audit.decider.decide(later, replay(Audit.decider, history))).toMatchObject({ right: [{}] });
      }),
      { numRuns: runsOf({ small: 100, ci: 100, full: 1_000 }) },
    );
  });
});

test('an export is recorded each time', () => {
  const limits = {
    format: 'csv',
    lines: 7,
    recordId: null,
    actorId: PrincipalId.orThrow('bob'),
    since: null,
    until: null,
  } as const;
  const exported = Audit.AuditExported({ organizationId, principalId, ...limits });
  const command: Audit.Command = { type: 'RecordAuditExport', context: contextOf(), ...limits };
  given().when(command).thenEvents(exported);
  given(exported).when(command).thenEvents(exported);
});

test('two organizations that know different people by one id have two streams', () => {
  const one = Audit.streamOf(actorOf({ organization: 'org-1' }));
  expect(one).toMatch(/^audit-/);
  expect(Audit.streamOf(actorOf({ organization: 'org-2' }))).not.toBe(one);
});
