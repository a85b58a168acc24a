import type { AdviceParams, Failure, Phase } from '@mailroom/domain';
import {
  type Check,
  type Circumstances,
  classifyRefusal,
  errorCodes,
  kindOfNodeError,
  type LineResult,
  type Provider,
  recogniseProvider,
} from '@mailroom/mail-check';
import { refusalOf, type SmtpReply } from './reply.ts';
import { type Lost, replyIn } from './session.ts';

/** Turns what a server said, or failed to say, into failures of one check. */
export interface Judge {
  /** The server refused a command. */
  readonly refused: (phase: Phase, command: string, reply: SmtpReply, params?: AdviceParams) => Failure;
  /** The connection ended, or what came is no answer. */
  readonly lost: (phase: Phase, lost: Lost | LineResult) => Failure;
}

/** What has been heard of the server so far. */
export interface Heard {
  readonly greeting: string;
  readonly capabilities: readonly string[];
  readonly secured: boolean;
}

/** A judge for one check who knows the providers' own words. */
export const judgeOf = (check: Check, providers: readonly Provider[], heard: () => Heard): Judge => {
  const { target, credentials } = check;

  const circumstances = (): Circumstances => {
    const { greeting, capabilities, secured } = heard();
    const { userName } = credentials;
    const provider = recogniseProvider(providers, { host: target.host, userName, greeting, capabilities });
    if (provider !== null) check.trustLinks(provider.links);
    return { provider, credentials: credentials.kind, secured, ownWords: [userName, target.address] };
  };

  const refused: Judge['refused'] = (phase, command, reply, params = {}) => {
    const verdict = classifyRefusal(refusalOf(phase, command, reply), circumstances());
    const own: AdviceParams = { address: target.address, mailbox: target.address, ...params };
    return check.failure(verdict.kind, { ...own, ...verdict.params }, { phase, ...verdict.overrides });
  };

  return {
    refused,
    lost: (phase, lost) => {
      const lastWords = lost._tag === 'Lost' ? replyIn(lost) : null;
      if (lastWords !== null) return refused(phase, '', lastWords);
      if (lost._tag === 'TooLong' || lost._tag === 'Line') return check.failure('MalformedResponse', {}, { phase });
      if (lost._tag === 'Stopped') return check.failure('DeadlineExceeded', {}, { phase });
      if (errorCodes(lost.error).includes('EPROTOCOL')) return check.failure('MalformedResponse', {}, { phase });
      const kind = kindOfNodeError(lost.error);
      return check.failure(kind === 'ConnectionReset' ? kind : 'ConnectionClosedByServer', {}, { phase });
    },
  };
};
