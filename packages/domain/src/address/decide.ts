import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import type { ClaimAddress, Command } from './commands.ts';
import { AddressClaimed, AddressReleased, type Event } from './events.ts';
import { reject, type Rejection } from './rejections.ts';
import type { State } from './state.ts';

/** After this long, in milliseconds, no registration can still be between its claim and its mailbox. */
export const claimHoldsFor = 15 * 60_000;

export const decide = (command: Command, state: State): Decision<Event, Rejection> => {
  switch (command.type) {
    case 'ClaimAddress':
      return claim(command, state);
    case 'ReleaseAddress': {
      const { organizationId, mailboxId } = command;
      return state.holder === mailboxId ? happened(AddressReleased({ organizationId, mailboxId })) : nothingHappened;
    }
  }
};

/**
 * A mailbox that claims what it holds already goes on where it was interrupted; an old claim is renewed, so that nobody
 * takes it for an abandoned one meanwhile.
 */
const claim = (command: ClaimAddress, state: State): Decision<Event, Rejection> => {
  const { organizationId, mailboxId, abandonedBy } = command;
  const claimedAt = command.context.at;
  const claimed = AddressClaimed({ organizationId, mailboxId, claimedAt });
  if (state.holder === null) return happened(claimed);

  const age = claimedAt.getTime() - state.claimedAt.getTime();
  if (state.holder === mailboxId) return age < claimHoldsFor / 2 ? nothingHappened : happened(claimed);
  if (state.holder !== abandonedBy || age < claimHoldsFor) return rejected(reject.AddressTaken({}, 'address'));
  return happened<Event>(AddressReleased({ organizationId, mailboxId: state.holder }), claimed);
};
