import type { CommandType } from '../../application/commands/command.ts';
import { bulkStories } from './bulk-stories.ts';
import { mailboxStories } from './mailbox-stories.ts';
import { profileStories } from './profile-stories.ts';
import type { CommandStories } from './story.ts';

export { aggregateStories } from './aggregate-stories.ts';
export { commandNamed, type CommandStories, type Story } from './story.ts';

/** Given, when, then for every command that a host can give. The compiler asks for all of them. */
export const stories: { readonly [Type in CommandType]: CommandStories<Type> } = {
  ...profileStories,
  ...mailboxStories,
  ...bulkStories,
};
