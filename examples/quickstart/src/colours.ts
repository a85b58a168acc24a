import { env } from 'node:process';
import { isatty } from 'node:tty';
import pc from 'picocolors';

/**
 * Colours for people at a terminal. What is piped stays plain, also on a CI machine, where picocolors by itself would
 * colour it; NO_COLOR and FORCE_COLOR are obeyed.
 */
export const colours = pc.createColors(pc.isColorSupported && ('FORCE_COLOR' in env || (isatty(1) && isatty(2))));
