import { Refused, type Talk } from './naive-talk.ts';
import { apopDigest, base64, cramResponse, scramClient } from './raw-client.ts';

/** One exchange of a mechanism: the initial response if there is one, and the answers to challenges. */
const mechanism = (names: readonly string[], { scenario, given }: Talk) => {
  const { userName, password, token = '' } = given;
  const scram = scramClient(userName, password);
  const known: Readonly<
    Record<string, { readonly initial?: string; readonly next: readonly ((challenge: string) => string)[] }>
  > = {
    XOAUTH2: { initial: base64(`user=${userName}\x01auth=Bearer ${token}\x01\x01`), next: [() => ''] },
    OAUTHBEARER: { initial: base64(`n,a=${userName},\x01auth=Bearer ${token}\x01\x01`), next: [() => 'AQ=='] },
    PLAIN: { initial: base64(`\0${userName}\0${password}`), next: [] },
    LOGIN: { next: [() => base64(userName), () => base64(password)] },
    'CRAM-MD5': { next: [(challenge) => cramResponse(userName, password, challenge)] },
    'SCRAM-SHA-256': { initial: scram.first, next: [scram.final, () => ''] },
  };
  const wanted = scenario.needs.includes('token')
    ? ['XOAUTH2', 'OAUTHBEARER']
    : ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256'];
  const name = wanted.find((candidate) => names.includes(candidate));
  return name === undefined ? undefined : { name, ...(known[name] ?? { next: [] }) };
};

/** Sends the mechanism's command, answers its challenges, and gives the final answer. */
const exchange = async (
  talk: Talk,
  chosen: NonNullable<ReturnType<typeof mechanism>>,
  command: string,
  challenge: RegExp,
  complete: (line: string) => boolean,
): Promise<string> => {
  const either = (line: string): boolean => challenge.test(line) || complete(line);
  let answer = await talk.ask('auth', [command, chosen.name, chosen.initial].filter(Boolean).join(' '), either);
  for (const next of chosen.next) {
    if (!challenge.test(answer)) break;
    answer = await talk.ask('auth', next(answer.replace(challenge, '')), either);
  }
  return answer;
};

export const smtpSteps = async (talk: Talk): Promise<void> => {
  const complete = (line: string): boolean => !/^\d{3}-/.test(line);
  const ask = async (stage: string, line: string | undefined, good: RegExp): Promise<string> => {
    const answer = await talk.ask(stage, line, complete);
    if (!good.test(answer)) throw new Refused(stage, answer);
    return answer;
  };
  await ask('greeting', undefined, /^220 /);
  let ehlo = await ask('ehlo', 'EHLO naive.test', /^250/);
  if (talk.scenario.tls === 'starttls') {
    if (!ehlo.includes('STARTTLS')) throw new Refused('starttls', 'not offered');
    await ask('starttls', 'STARTTLS', /^220 /);
    await talk.upgrade();
    ehlo = await ask('ehlo', 'EHLO naive.test', /^250/);
  }
  const offered = /^250[- ]AUTH (.*)$/m.exec(ehlo)?.[1]?.split(' ') ?? [];
  const chosen = mechanism(offered, talk) ?? mechanism(['PLAIN'], talk);
  if (chosen === undefined) throw new Refused('auth', 'no mechanism');
  const verdict = await exchange(talk, chosen, 'AUTH', /^334 ?/, complete);
  if (!verdict.startsWith('235')) throw new Refused('auth', verdict);
  const { address } = talk.given;
  await ask('mail', `MAIL FROM:<${address}>`, /^250/);
  await ask('rcpt', `RCPT TO:<${address}>`, /^250/);
  if (talk.scenario.needs.some((need) => need === 'message' || need === 'roundTrip')) {
    await ask('data', 'DATA', /^354/);
    await ask('content', `From: <${address}>\r\nSubject: Probe\r\n\r\nProbe\r\n.`, /^250/);
  } else {
    await ask('rset', 'RSET', /^250/);
  }
  await ask('quit', 'QUIT', /^221/);
};

export const imapSteps = async (talk: Talk): Promise<void> => {
  let count = 0;
  const ask = async (stage: string, command: string): Promise<string> => {
    const tag = `n${(count += 1)}`;
    const answer = await talk.ask(stage, `${tag} ${command}`, (line) => line.startsWith(`${tag} `));
    if (!answer.split('\n').at(-1)?.startsWith(`${tag} OK`)) throw new Refused(stage, answer);
    return answer;
  };
  const greeting = await talk.ask('greeting', undefined, () => true);
  if (!greeting.startsWith('* OK')) throw new Refused('greeting', greeting);
  if (talk.scenario.tls === 'starttls') {
    if (!greeting.includes('STARTTLS')) throw new Refused('starttls', 'not offered');
    await ask('starttls', 'STARTTLS');
    await talk.upgrade();
  }
  const capabilities = await ask('capability', 'CAPABILITY');
  const offered = [...capabilities.matchAll(/AUTH=(\S+)/g)].map(([, name = '']) => name);
  const chosen = mechanism(offered, talk);
  if (chosen === undefined && /LOGINDISABLED/.test(capabilities)) throw new Refused('auth', 'LOGINDISABLED');
  if (chosen === undefined) {
    await ask('auth', `LOGIN "${talk.given.userName}" "${talk.given.password}"`);
  } else {
    const tag = `n${(count += 1)}`;
    const verdict = await exchange(talk, chosen, `${tag} AUTHENTICATE`, /^\+ ?/, (line) => line.startsWith(`${tag} `));
    if (!verdict.split('\n').at(-1)?.startsWith(`${tag} OK`)) throw new Refused('auth', verdict);
  }
  await ask('namespace', 'NAMESPACE');
  await ask('status', 'STATUS INBOX (MESSAGES UIDVALIDITY)');
  await ask('select', 'SELECT INBOX');
  await ask('quota', 'GETQUOTAROOT INBOX');
  if (talk.scenario.needs.includes('roundTrip')) await ask('delete', 'UID STORE 1 +FLAGS (\\Deleted)');
  await ask('logout', 'LOGOUT');
};

export const pop3Steps = async (talk: Talk): Promise<void> => {
  const ask = async (stage: string, line: string | undefined, many = false): Promise<string> => {
    const answer = await talk.ask(stage, line, (text) => !many || text === '.' || text.startsWith('-ERR'));
    if (!answer.startsWith('+OK')) throw new Refused(stage, answer);
    return answer;
  };
  const greeting = await ask('greeting', undefined);
  let capabilities = await ask('capa', 'CAPA', true);
  if (talk.scenario.tls === 'starttls') {
    if (!/^STLS$/m.test(capabilities)) throw new Refused('starttls', 'not offered');
    await ask('starttls', 'STLS');
    await talk.upgrade();
    capabilities = await ask('capa', 'CAPA', true);
  }
  const { userName, password } = talk.given;
  const offered = /^SASL (.*)$/m.exec(capabilities)?.[1]?.split(' ') ?? [];
  const chosen = mechanism(offered, talk);
  if (chosen !== undefined) {
    const verdict = await exchange(talk, chosen, 'AUTH', /^\+ ?(?!OK)/, (line) => /^(\+OK|-ERR)/.test(line));
    if (!verdict.startsWith('+OK')) throw new Refused('auth', verdict);
  } else if (/^USER$/m.test(capabilities) || offered.length === 0) {
    if (greeting.includes('<') && !/^USER$/m.test(capabilities))
      await ask('auth', `APOP ${userName} ${apopDigest(greeting, password)}`);
    else {
      await ask('auth', `USER ${userName}`);
      await ask('auth', `PASS ${password}`);
    }
  } else {
    await ask('auth', `AUTH ${offered[0] ?? ''}`);
  }
  await ask('stat', 'STAT');
  await ask('list', 'LIST', true);
  await ask('uidl', 'UIDL', true);
  await ask('top', 'TOP 1 0', true);
  if (talk.scenario.needs.includes('roundTrip')) await ask('delete', 'DELE 1');
  await ask('quit', 'QUIT');
};
