import password from '@inquirer/password';
import type { Configuration, Password } from '@mailroom/projections/configuration';
import { Secret } from '@mailroom/domain';

/** Asks at the terminal for every password that the file leaves to its reader. They are not shown and not stored there. */
export const askPasswords = async (configuration: Configuration): Promise<Configuration> => {
  const profiles = [];
  for (const profile of configuration.profiles) {
    profiles.push({ ...profile, password: await answered(profile.password, `the account of profile ${profile.name}`) });
  }
  const mailboxes = [];
  for (const mailbox of configuration.mailboxes) {
    mailboxes.push({ ...mailbox, password: await answered(mailbox.password, mailbox.address) });
  }
  return { ...configuration, profiles, mailboxes };
};

const answered = async (given: Password | null, whose: string): Promise<Password | null> => {
  if (given?._tag !== 'Ask') return given;
  // The question goes to standard error: standard output may be a document that another program reads.
  const entered = await password({ message: `Password of ${whose}` }, { output: process.stderr });
  return { _tag: 'Given', secret: new Secret(entered) };
};
