import { startNode, type Sandbox, type SandboxOptions } from './sandbox.ts';

/**
 * Starts a scripted EventStoreDB server on a loopback port: real semantics, faults on demand. Rejects when the port is
 * taken or the data file cannot be opened.
 */
export const start = (options: SandboxOptions = {}): Promise<Sandbox> => startNode(options);
