import type { Connection } from './connection.ts';
import type { Counters } from './counters.ts';
import type { Afterwards, Reaction, Rule, Step } from './script.ts';

/** What fills the placeholders of scripted lines. */
export type Variables = Readonly<Partial<Record<'tag' | 'user' | 'address' | 'from' | 'to', string>>>;

/**
 * What a session does after a step: `usual`, the usual answer and effect; `effect`, the answer is out, the effect
 * is due; `handled`, nothing more; `over`, the conversation has ended.
 */
export type Outcome = 'usual' | 'effect' | 'handled' | 'over';

/** Rules of one account with the name under which its failures are counted. */
export interface RuleSet {
  readonly key: string;
  readonly rules: readonly Rule[];
}

/** Plays the rules of one connection. */
export interface Conversation {
  /** Rules that hold from now on, before the server's own: those of the account that is logging in. */
  adopt(accounts: readonly RuleSet[]): void;
  step(step: Step, line?: string, variables?: Variables): Promise<Outcome>;
}

/** A conversation on `connection` by the server's rules. */
export const createConversation = (connection: Connection, counters: Counters, server: RuleSet): Conversation => {
  let sets: readonly RuleSet[] = [server];

  const ruleFor = async (step: Step, line: string): Promise<Rule | undefined> => {
    for (const { key, rules } of sets) {
      for (const rule of rules) {
        const steps = typeof rule.at === 'string' ? [rule.at] : rule.at;
        if (!steps.includes(step) || rule.when?.(line) === false) continue;
        if (rule.times === undefined) return rule;
        if (await counters.take(`${key} ${rule.name ?? steps.join(',')}`, rule.times)) return rule;
      }
    }
    return undefined;
  };

  const after = async (then: Afterwards, effect: boolean): Promise<Outcome> => {
    if (then === 'goOn') return effect ? 'effect' : 'handled';
    if (then === 'close') connection.end();
    if (then === 'reset') connection.reset();
    await connection.closed;
    return 'over';
  };

  const react = async (step: Step, reaction: Reaction, variables: Variables): Promise<Outcome> => {
    switch (reaction.do) {
      case 'answer':
        await reaction.gate?.pass(connection.closed);
        if (reaction.afterMs !== undefined) await pause(reaction.afterMs, connection.closed);
        return 'usual';
      case 'reply':
        if (goesAhead(step, reaction.effect)) connection.discardUnread();
        await connection.writeLines(
          reaction.lines.map((line) => filled(line, variables)),
          // What comes in clear behind a go-ahead is an injection only when it comes in the same packet.
          goesAhead(step, reaction.effect),
        );
        return after(reaction.then ?? 'goOn', reaction.effect ?? false);
      case 'bytes':
        if (reaction.onData === true) await connection.readable();
        await connection.writeBytes(reaction.bytes);
        return after(reaction.then ?? 'goOn', false);
      case 'silence':
      case 'close':
      case 'reset':
        return after(reaction.do, false);
    }
  };

  return {
    adopt: (accounts) => {
      sets = [...accounts, server];
    },
    step: async (step, line = '', variables = {}) => {
      const rule = await ruleFor(step, line);
      return rule === undefined ? 'usual' : react(step, rule.reaction, variables);
    },
  };
};

const goesAhead = (step: Step, effect: boolean | undefined): boolean =>
  effect === true && (step === 'STARTTLS' || step === 'STLS');

const filled = (line: string, variables: Variables): string =>
  line.replace(/\{(tag|user|address|from|to)\}/g, (_, name: keyof Variables) => variables[name] ?? '');

const pause = async (ms: number, abandoned: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([passed, abandoned]);
  clearTimeout(timer);
};
