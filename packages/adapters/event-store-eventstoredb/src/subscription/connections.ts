import { Connection, type Lease } from '../calls/connection.ts';
import type { ConnectionTarget } from '../connection-string.ts';

/** Connections for subscriptions alone: as many as are needed, none with more than a server serves. */
export class SubscriptionConnections {
  readonly #target: ConnectionTarget;
  readonly #connections: Connection[] = [];

  constructor(target: ConnectionTarget) {
    this.#target = target;
  }

  async lease(): Promise<Lease> {
    let connection = this.#connections.find(({ hasRoom }) => hasRoom);
    if (connection === undefined) {
      connection = new Connection(this.#target);
      this.#connections.push(connection);
    }
    return await connection.lease();
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}
