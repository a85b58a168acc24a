import ipaddr from 'ipaddr.js';
import { networkInterfaces } from 'node:os';

/** How long the list is believed. */
const freshMs = 30_000;

/** The addresses of this machine's network interfaces, in the spelling of the address policy. */
export const createOwnAddresses = (): (() => ReadonlySet<string>) => {
  let known: ReadonlySet<string> = new Set();
  let readAt = -Infinity;
  return () => {
    if (performance.now() - readAt > freshMs) {
      const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
      known = new Set(
        all.filter(({ address }) => ipaddr.isValid(address)).map(({ address }) => ipaddr.process(address).toString()),
      );
      readAt = performance.now();
    }
    return known;
  };
};
