import type { Failure } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { kindInPhase } from '../classify/node-error.ts';
import type { Check, RunningStep } from '../check/check.ts';
import { type AddressPolicy, literalAddress } from '../policy/address-policy.ts';
import { type ConnectionPolicy, permitsPort } from './connection-policy.ts';
import type { PinnedAddress } from './connector-types.ts';
import type { Resolver } from './resolver.ts';

/** More addresses than this of one name are not tried. */
const maxAddresses = 8;

const controlCharacter = /[\r\n\0]/;

/** What can be refused before any packet, even to a name server. */
const refusal = (
  check: Check,
  step: RunningStep,
  policy: ConnectionPolicy,
  addresses: AddressPolicy,
): Failure | null => {
  const { target, credentials } = check;
  const invalid = (setting: string, field: 'userName' | 'secret' | 'port'): Failure =>
    check.failure(
      'InvalidConfiguration',
      {
        setting,
        expected: field === 'port' ? 'it must be from 1 to 65535' : 'it contains a line break or a null character',
      },
      { field },
    );
  if (!Number.isInteger(target.port) || target.port < 1 || target.port > 65_535) return invalid('port', 'port');
  if (controlCharacter.test(credentials.userName)) return invalid('user name', 'userName');
  if (controlCharacter.test(credentials.secret.reveal())) return invalid('password', 'secret');
  if (!permitsPort(policy, target.port)) return check.failure('TargetNotAllowed', {}, { field: 'port' });
  const literal = literalAddress(target.host);
  if (literal !== null && !addresses.permits(literal)) return check.failure('TargetNotAllowed');
  if (target.tls === 'none') {
    if (!policy.allowUnencrypted) return check.failure('ConnectionNotEncrypted', {}, { disposition: 'permanent' });
    step.warn('ConnectionNotEncrypted');
  }
  return null;
};

/** Step `policy`: whether the target may be tried at all. */
export const checkPolicy = (
  check: Check,
  policy: ConnectionPolicy,
  addresses: AddressPolicy,
): Promise<E.Either<Failure, void>> =>
  check.step('policy', {
    limitMs: 1_000,
    onTimeout: 'DeadlineExceeded',
    run: async (step) => {
      const refused = refusal(check, step, policy, addresses);
      return refused === null ? E.right(undefined) : E.left(refused);
    },
  });

/** Step `dns`: the addresses of the host that the policy permits. A literal address is not looked up. */
export const resolveTarget = (
  check: Check,
  resolver: Resolver,
  addresses: AddressPolicy,
  limitMs: number,
): Promise<E.Either<Failure, readonly PinnedAddress[]>> =>
  check.step('dns', {
    limitMs,
    onTimeout: 'DnsTemporaryFailure',
    run: async (step) => {
      const literal = literalAddress(check.target.host);
      if (literal !== null) {
        step.detail('an address, nothing to look up');
        return E.right([{ address: literal, family: literal.includes(':') ? 6 : 4 }]);
      }
      let found: readonly PinnedAddress[];
      try {
        found = await resolver(check.target.host, step.signal);
      } catch (error) {
        return check.fail(kindInPhase('dns', error));
      }
      if (found.length === 0) return check.fail('DnsNotFound');
      const permitted = found.filter(({ address }) => addresses.permits(address)).slice(0, maxAddresses);
      if (permitted.length === 0) return check.fail('TargetNotAllowed', {}, { phase: 'dns' });
      step.detail(permitted.map(({ address }) => address).join(', '));
      return E.right(permitted);
    },
  });
