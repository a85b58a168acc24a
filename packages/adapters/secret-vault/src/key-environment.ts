import * as aes from './aes.ts';
import { type MasterKeys, newestOf, unwrapWith, wrapWith } from './master-keys.ts';

/**
 * Master keys in an environment variable: `<base64 of 32 bytes>`, or several versions as `1:<base64>,2:<base64>`, of
 * which the highest wraps. To rotate, add a version, restart, rotate, and drop the old one. Throws, naming the variable
 * and never its value, when it is not set or has another form.
 */
export const keyEnvironment = (
  variable: string,
  environment: Readonly<Record<string, string | undefined>>,
): MasterKeys => {
  const text = environment[variable]?.trim() ?? '';
  if (text === '') throw new Error(`environment variable ${variable}: expected the master key, found nothing`);
  const ring = new Map<string, Uint8Array>();
  for (const part of text.split(',')) {
    const colon = part.indexOf(':');
    const version = colon === -1 ? '1' : part.slice(0, colon).trim();
    const key = Buffer.from(part.slice(colon + 1).trim(), 'base64');
    if (!/^[1-9]\d{0,8}$/.test(version) || key.length !== aes.keyBytes || ring.has(version)) {
      throw new Error(`environment variable ${variable}: expected 32 bytes in base64, or 1:<base64>,2:<base64>`);
    }
    ring.set(version, key);
  }
  return {
    current: async () => newestOf(ring),
    wrap: async (version, key) => wrapWith(ring, version, key),
    unwrap: async (version, wrapped) => unwrapWith(ring, version, wrapped),
  };
};
