import type { Need, RunningScenario, Scenario } from '../scenarios/scenario.ts';
import { imapSteps, pop3Steps, smtpSteps } from './naive-steps.ts';
import { Refused, type Talk } from './naive-talk.ts';
import { rawClient, type RawClient } from './raw-client.ts';

/** Where a conversation came to its end, and with which words or error code. */
export interface Observation {
  readonly stage: string;
  /** The answer that ended it; `closed` when the server ended it without one; `done` when nothing went wrong. */
  readonly outcome: string;
  /** Bytes in clear behind the go-ahead for TLS. */
  readonly injected: string;
  /** Everything that was received before the end. */
  readonly text: string;
}

/**
 * Goes through a whole check without any judgement: connects, encrypts, logs in, looks. At `hangUpAt` it sends FIN
 * and takes what still comes, so that silence can be observed without waiting for a time.
 */
export const naiveCheck = async (
  scenario: Pick<Scenario, 'protocol' | 'tls'> & { readonly needs: readonly Need[] },
  running: RunningScenario,
  hangUpAt?: string,
): Promise<Observation> => {
  let client: RawClient | undefined;
  let injected = '';
  let stage = 'connect';
  try {
    const tls = { ca: running.ca, ...(scenario.needs.includes('crl') ? { crl: running.crl } : {}) };
    client = await rawClient(running.port, { host: running.host, ...tls });
    const open = client;
    const encrypt = async (): Promise<void> => {
      stage = 'tls';
      injected = open.unread;
      const secured = open.secure(running.ca);
      if (hangUpAt === 'tls') open.finish();
      await secured;
    };
    if (scenario.tls === 'tls') await encrypt();
    const talk: Talk = {
      scenario,
      given: running,
      client,
      upgrade: encrypt,
      ask: async (name, line, complete) => {
        stage = name;
        if (line !== undefined) open.send(line);
        if (hangUpAt === name) open.finish();
        const lines = await open.until(complete);
        const answer = lines.join('\n');
        if (lines.length === 0 || !complete(lines.at(-1) ?? ''))
          throw new Refused(name, open.error ?? (answer || 'closed'));
        return answer;
      },
    };
    await { smtp: smtpSteps, imap: imapSteps, pop3: pop3Steps }[scenario.protocol](talk);
    return { stage: 'end', outcome: 'done', injected, text: client.text };
  } catch (error) {
    const text = client?.text ?? '';
    if (error instanceof Refused) return { stage: error.stage, outcome: error.answer, injected, text };
    return { stage, outcome: (error as NodeJS.ErrnoException).code ?? String(error), injected, text };
  } finally {
    await client?.close();
  }
};
