import * as E from 'fp-ts/lib/Either.js';
import { type ChannelTest, checkChannel } from '../application/carry-out/check-channel.ts';
import type { CarryOutEnvironment, CheckActivity } from '../application/carry-out/environment.ts';
import { foundFailure } from '../application/carry-out/found-failure.ts';
import type { CheckLimits, CheckRequest, NotRun } from '../application/carry-out/limits/check-limits.ts';
import type { Lesson } from '../application/carry-out/limits/circuit.ts';
import type { SecretOwner } from '../application/ports/index.ts';
import { repository } from '../kernel/execute.ts';
import { defaultDeployment } from '../settings/deployment.ts';
import type { Failure } from '../taxonomy/index.ts';
import { Host, Secret } from '../values/index.ts';
import { existingMailbox, existingProfile, profileAccount } from './existing.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { memoryVault } from './memory-vault.ts';
import { mailboxId, organizationId, profileId, secret, testId } from './sample-mailbox.ts';
import { scriptedProbe } from './scripted-probe.ts';
import { done } from './test-world.ts';

export const host = Host.orThrow('Mail.Example.org');
/** Both directions, with each mailbox's own credentials. */
const plain = () => existingProfile({ connection: { incoming: { host }, outgoing: { host } } });
/** Mail is collected with an account of the profile. */
export const collecting = () =>
  existingProfile(
    { connection: { incoming: { host, credentials: 'profile' } }, processing: { maximumConnections: 2 } },
    profileAccount('incoming'),
  );
const own: SecretOwner = { organizationId, kind: 'mailbox', ownerId: mailboxId, field: 'password' };
const shared: SecretOwner = { organizationId, kind: 'profile', ownerId: profileId, field: 'incoming' };

/** A check that failed with this. */
export const failedWith = (found: Failure, tried: boolean, steps: readonly unknown[] = []): E.Either<never, unknown> =>
  E.right({ outcome: { verdict: 'failed', failure: foundFailure(found), tried }, steps });
/** A check that was stopped from outside. */
export const abandoned = E.right('abandoned');

/** One check, within limits that write down what they are asked, and may answer instead of it. */
export const checkBench = (
  environment: Partial<CarryOutEnvironment> = {},
  notRun: NotRun | null = null,
  watched = true,
) => {
  const vault = memoryVault();
  const probe = scriptedProbe();
  const requests: CheckRequest[] = [];
  const lessons: Lesson[] = [];
  const activity: CheckActivity[] = [];
  const limits: CheckLimits = {
    run: async (request, { start, lesson }) => {
      requests.push(request);
      if (notRun !== null) return E.left(notRun);
      const result = await start();
      lessons.push(lesson(result));
      return E.right(result);
    },
    state: () => ({ running: 0, waiting: 0 }),
  };
  const check = async (changes: Partial<ChannelTest> = {}) => {
    done(await vault.put(secret, own, new Secret('of ada'))());
    done(await vault.put({ id: 'secret-incoming', version: 1 }, shared, new Secret('of all'))());
    return checkChannel(
      {
        repository: repository({ store: inMemoryEventStore() }),
        clock: { now: () => new Date(0) },
        deployment: defaultDeployment,
        ...(watched ? { onProgress: (one) => activity.push(one) } : {}),
        vault,
        probe,
        ...environment,
      },
      limits,
      {
        mailbox: existingMailbox(),
        profile: plain(),
        channel: 'incoming',
        testId: testId('first'),
        runId: null,
        trigger: 'bulk',
        signal: undefined,
        ...changes,
      },
    );
  };
  return { check, probe, requests, lessons, activity };
};
