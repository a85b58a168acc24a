import assert from 'node:assert/strict';
import type { CommandInput } from '@mailroom/domain';
import { type ServerEvent, serverEvents } from './event-stream.ts';

/** What came back, whatever it was. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Events seen so far, waiting for one that fits, and the end of the stream. */
export interface Listening {
  readonly seen: readonly ServerEvent[];
  readonly until: (fits: (event: ServerEvent) => boolean) => Promise<ServerEvent>;
  readonly ended: Promise<void>;
}

/** The application as one user's browser sees it. */
export const clientOf = (url: string, token: string) => {
  const request = async (
    path: string,
    init: RequestInit = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const execute = (command: CommandInput | Record<string, unknown> | string, headers: Record<string, string> = {}) => {
    const body = typeof command === 'string' ? command : JSON.stringify(command);
    return request('/api/commands', { method: 'POST', body }, { 'content-type': 'application/json', ...headers });
  };

  return {
    get: (path: string, headers?: Record<string, string>) => request(path, {}, headers),
    execute,
    /** Carried out, or the test ends here. */
    do: async <Result>(command: CommandInput): Promise<{ readonly position: string; readonly result: Result }> => {
      const { status, body } = await execute(command);
      assert.equal(status, 200, `${command.type}: ${JSON.stringify(body)}`);
      return body as { position: string; result: Result };
    },
    rows: async <Row>(path: string): Promise<readonly Row[]> => {
      const { status, body } = await request(path);
      assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
      return body['rows'] as readonly Row[];
    },
    listen: async (): Promise<Listening> => {
      const response = await fetch(`${url}/api/live`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(response.status, 200);
      const seen: ServerEvent[] = [];
      let wake: () => void = () => undefined;
      let isOver = false;
      const reading = async (): Promise<void> => {
        for await (const event of serverEvents(response)) {
          seen.push(event);
          wake();
        }
      };
      const ended = reading().finally(() => {
        isOver = true;
        wake();
      });
      return {
        seen,
        ended,
        until: async (fits) => {
          for (let looked = 0; ;) {
            for (; looked < seen.length; looked += 1) {
              const event = seen[looked];
              if (event !== undefined && fits(event)) return event;
            }
            assert.ok(!isOver, 'the stream ended before what was waited for came');
            await new Promise<void>((resolve) => (wake = resolve));
          }
        },
      };
    },
  };
};

export type Client = ReturnType<typeof clientOf>;
