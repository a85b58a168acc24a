/** One part of `audit verify`, with its result in words and, for programs, in figures. */
export interface Check {
  readonly check: 'anchors' | 'chain' | 'events' | 'views';
  readonly status: 'passed' | 'failed' | 'notRun';
  readonly text: string;
  readonly detail: unknown;
}

const result =
  (status: Check['status']) =>
  (check: Check['check'], text: string, detail: unknown = null): Check => ({ check, status, text, detail });

export const passed = result('passed');
export const failed = result('failed');
export const notRun = result('notRun');
