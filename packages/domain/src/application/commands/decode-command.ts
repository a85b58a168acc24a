import * as E from 'fp-ts/lib/Either.js';
import { type InvalidCommand, invalid, invalidCommand } from '../edge/invalid-command.ts';
import { together } from '../../kernel/rejection.ts';
import { commandTable, type CommandType, commandTypes, type DecodedCommand } from './command.ts';

const isCommandType = (input: unknown): input is CommandType =>
  typeof input === 'string' && Object.hasOwn(commandTable, input);

const typeOf = (input: unknown): unknown =>
  typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined;

/** What a codec cannot say: fields that go together. */
const crossCheck = (command: DecodedCommand): readonly InvalidCommand[] => {
  const oneOfBoth = (other: 'profileId' | 'runId', one: unknown, another: unknown): readonly InvalidCommand[] =>
    (one === undefined) === (another === undefined)
      ? [invalid('mailboxIds', `either mailboxIds or ${other}, and not both`)]
      : [];
  switch (command.type) {
    case 'TestAndEnable':
      return [
        ...oneOfBoth('profileId', command.mailboxIds, command.profileId),
        ...(command.testMessage === true && command.channels !== undefined && new Set(command.channels).size < 2
          ? [invalid('testMessage', 'both channels: the message is sent by one and found through the other')]
          : []),
      ];
    case 'CancelTest':
      return oneOfBoth('runId', command.mailboxIds, command.runId);
    default:
      return [];
  }
};

/**
 * Reads a command from outside. What does not fit is told at once, field by field: missing, unknown and unfit ones;
 * no value is ever repeated, since it may be a password in the wrong field.
 */
export const decodeCommand = (input: unknown): E.Either<InvalidCommand, DecodedCommand> => {
  const type = typeOf(input);
  if (!isCommandType(type)) return E.left(invalid('type', `one of ${commandTypes.join(', ')}`));

  const decoded = commandTable[type].codec.decode(input);
  if (E.isLeft(decoded)) return E.left(invalidCommand(decoded.left));
  const [first, ...others] = crossCheck(decoded.right);
  return first === undefined ? E.right(decoded.right) : E.left(together([first, ...others]));
};
