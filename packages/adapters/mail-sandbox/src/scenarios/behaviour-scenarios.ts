import { behaviours } from '../behaviours/catalogue.ts';
import type { FlavourName } from '../flavours/flavours.ts';
import { buildScenario } from './build-scenario.ts';
import type { Scenario } from './scenario.ts';

/** Which server introduces itself when a behaviour's name ends like this: its words mean nothing from another. */
const spokenBy: readonly (readonly [RegExp, FlavourName])[] = [
  [/-(gmail|workspace)$/, 'gmail'],
  [/-outlook$|-basic-auth-|-conditional-access$/, 'outlook'],
  [/-yahoo$/, 'yahoo'],
  [/-zoho$/, 'zoho'],
  [/-163$/, 'netease'],
  [/-icloud$/, 'icloud'],
  [/-gmx$/, 'gmx'],
  [/-exim$|-435$/, 'exim'],
  [/-exchange$/, 'exchange'],
];

/** The server program or provider whose words a behaviour uses. */
const flavourOf = (name: string): FlavourName => spokenBy.find(([pattern]) => pattern.test(name))?.[1] ?? 'dovecot';

/** One scenario for each behaviour of the catalogue, on an account whose password is right. */
export const behaviourScenarios: readonly Scenario[] = behaviours.map((behaviour) =>
  buildScenario(behaviour.protocol, behaviour.name.slice(5), behaviour.kind, behaviour.when, {
    tls: behaviour.protocol === 'imap' ? 'tls' : 'starttls',
    flavour: flavourOf(behaviour.name),
    account: { behaviours: [behaviour] },
    needs: behaviour.needs ?? [],
    ...(behaviour.truth === undefined ? {} : { truth: behaviour.truth }),
  }),
);
