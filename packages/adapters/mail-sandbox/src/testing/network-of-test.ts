import type { Socket } from 'node:net';

/** What a check finds of the network, where a test decides that. */
export interface NetworkOfTest {
  readonly resolver?: (
    host: string,
    signal: AbortSignal,
  ) => Promise<readonly { readonly address: string; readonly family: 4 | 6 }[]>;
  readonly connect?: (to: { readonly host: string; readonly port: number }) => Socket;
}
