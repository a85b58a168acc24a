import type { AdviceParams, Failure, Phase } from '@mailroom/domain';
import {
  type Check,
  type Circumstances,
  classifyRefusal,
  kindOfNodeError,
  type LineResult,
  type Provider,
  recogniseProvider,
} from '@mailroom/mail-check';
import { refusalOf, type Status } from './response.ts';

/** What has been heard of the server so far. */
export interface Heard {
  readonly greeting: string;
  readonly capabilities: readonly string[];
  readonly secured: boolean;
}

/** Turns what a server said, or failed to say, into failures of one check. */
export interface Judge {
  /** The server refused a command, or said good-bye. */
  readonly refused: (
    phase: Phase,
    command: string,
    status: Status,
    remarks?: readonly string[],
    params?: AdviceParams,
  ) => Failure;
  /** The connection ended, or what came is no answer. */
  readonly lost: (phase: Phase, lost: LineResult) => Failure;
}

/** A judge for one check who knows the providers' own words. */
export const judgeOf = (check: Check, providers: readonly Provider[], heard: () => Heard): Judge => {
  const { target, credentials } = check;
  const { userName } = credentials;

  const circumstances = (): Circumstances => {
    const { greeting, capabilities, secured } = heard();
    const provider = recogniseProvider(providers, { host: target.host, userName, greeting, capabilities });
    if (provider !== null) check.trustLinks(provider.links);
    return { provider, credentials: credentials.kind, secured, ownWords: [userName, target.address] };
  };

  return {
    refused: (phase, command, status, remarks = [], params = {}) => {
      const verdict = classifyRefusal(refusalOf(phase, command, status, remarks), circumstances());
      const own: AdviceParams = { mailbox: target.address, address: target.address, ...params };
      return check.failure(verdict.kind, { ...own, ...verdict.params }, { phase, ...verdict.overrides });
    },
    lost: (phase, lost) => {
      if (lost._tag !== 'Closed') return check.failure('MalformedResponse', {}, { phase });
      const kind = kindOfNodeError(lost.error);
      return check.failure(kind === 'ConnectionReset' ? kind : 'ConnectionClosedByServer', {}, { phase });
    },
  };
};
