import { historyText } from './history/sentences.ts';
import { testMessageText } from './views/test-message-text.ts';
import { say } from './queries/alert-lines.ts';

/** Every sentence that views say to a person beside those of the domain (`sentences`): what a translation has to cover. */
export const sentencesOfViews = {
  alerts: say.sentences,
  history: historyText.sentences,
  testMessage: testMessageText.sentences,
} as const;
