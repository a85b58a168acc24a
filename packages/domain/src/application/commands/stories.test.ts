import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { findingsOf, type Rejection } from '../../kernel/rejection.ts';
import { inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { commandNamed, type CommandStories, stories, type Story } from '../../testing/stories/index.ts';
import { isRejection } from '../use-cases/outcome.ts';
import { commandTable, type CommandType, commandTypes } from './command.ts';

// Every command: accepted, repeated, and turned down by each rule that it can meet.

/** A Mailroom in which everything that was given has been done, and what the command then leads to. */
const told = async ({ given = {}, when, by = {}, secureChannel = true, deployment = {} }: Story) => {
  const room = inMemoryMailroom({ deployment });
  for (const [name, command] of Object.entries(given)) await room.done(command, { commandId: commandNamed(name) });
  const acting = room.mailroom.as(actorOf(by), { secureChannel });
  return {
    ...room,
    /** The answer, and the types of the events that came of it. */
    give: async (id: string, command: unknown = when) => {
      const before = (await room.history()).length;
      const answer = await acting.executeUnknown(command, { commandId: commandNamed(id) });
      return { answer, events: (await room.history()).slice(before).map(({ type }) => type) };
    },
  };
};
type Answer = Awaited<ReturnType<Awaited<ReturnType<typeof told>>['give']>>['answer'];

interface PerMailbox {
  readonly outcome: string;
  readonly text: { readonly key: string };
  readonly rejection: Rejection | null;
}

/** Every rule that said no: to the command as a whole, or to some of its mailboxes; one that was passed over included. */
const rulesThatSaidNo = (answer: Answer): readonly string[] => {
  if (E.isLeft(answer)) {
    if (!isRejection(answer.left)) throw new Error(answer.left._tag);
    return findingsOf(answer.left).map(({ _tag }) => _tag);
  }
  const { mailboxes = [] } = answer.right.result as { readonly mailboxes?: readonly PerMailbox[] };
  return mailboxes.flatMap(({ outcome, text, rejection }) =>
    rejection !== null
      ? findingsOf(rejection).map(({ _tag }) => _tag)
      : outcome === 'skipped'
        ? [text.key.replace('rejection.', '')]
        : [],
  );
};

/** A refusal changes nothing: it leaves word in the audit trail, and an address that it claimed is free again. */
const whatIsLeft = (events: readonly string[]): readonly string[] => {
  const [first, second, ...rest] = events;
  const withoutClaim = first === 'AddressClaimed' && second === 'AddressReleased' ? rest : events;
  return withoutClaim.filter((type) => type !== 'AccessRefused');
};

const storiesOf: Readonly<Record<CommandType, CommandStories>> = stories;

describe.each(commandTypes)('%s', (type) => {
  const { accepted, refused } = storiesOf[type];

  test('is accepted once: given again under its id it is answered as then, and changes nothing', async () => {
    const { give } = await told(accepted);
    const first = await give('asked');
    expect(rulesThatSaidNo(first.answer)).toEqual([]);
    expect(first.events).toEqual(accepted.then);
    const second = await give('asked');
    expect(rulesThatSaidNo(second.answer)).toEqual([]);
    expect(second.events).toEqual([]);
    if (E.isRight(first.answer) && E.isRight(second.answer) && accepted.then.length > 0) {
      expect(second.answer.right).toMatchObject({ duplicate: true, position: first.answer.right.position });
    }
  });

  test('wished for again under another id', async () => {
    const { give } = await told(accepted);
    await give('asked');
    const { answer, events } = await give('asked again');
    if (typeof accepted.again === 'string') {
      expect(rulesThatSaidNo(answer)).toEqual([accepted.again]);
      expect(events).toEqual([]);
    } else {
      expect(rulesThatSaidNo(answer)).toEqual([]);
      expect(events).toEqual(accepted.again);
    }
  });

  test.each(Object.keys(refused))('is turned down: %s', async (rule) => {
    const story = refused[rule];
    if (story === undefined) throw new Error(rule);
    const { give } = await told(story);
    const { answer, events } = await give('asked');
    expect(rulesThatSaidNo(answer)).toContain(rule);
    expect(whatIsLeft(events)).toEqual([]);
  });

  test('needs its privileges, each of which is named', async () => {
    const { needs } = commandTable[type];
    const { give } = await told({ ...accepted, by: { id: 'clerk', privileges: [] } });
    const { answer, events } = await give('asked');
    expect(rulesThatSaidNo(answer)).toEqual(needs.map(() => 'PrivilegeMissing'));
    expect(events).toEqual(needs.length === 0 ? accepted.then : ['AccessRefused']);
  });

  test('tells each field that is missing, unknown or does not fit', async () => {
    const { give } = await told(accepted);
    const input: Readonly<Record<string, unknown>> = accepted.when;
    const fieldsOf = async (command: object): Promise<readonly (string | null)[]> => {
      const { answer, events } = await give('asked', command);
      expect(events).toEqual([]);
      if (E.isRight(answer) || !isRejection(answer.left)) throw new Error('it was accepted');
      expect(rulesThatSaidNo(answer)).toEqual(findingsOf(answer.left).map(() => 'InvalidCommand'));
      return findingsOf(answer.left).map(({ field }) => field);
    };
    expect(await fieldsOf({ ...input, colour: 'blue' })).toEqual(['colour']);
    for (const field of Object.keys(input).filter((key) => key !== 'type')) {
      const [first] = await fieldsOf({ ...input, [field]: Symbol('none of the kind') });
      expect(first?.split('.')[0]).toBe(field);
    }
  });
});
