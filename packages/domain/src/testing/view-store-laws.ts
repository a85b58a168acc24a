import { afterEach, beforeEach, describe } from 'vitest';
import { buildLaws } from './view-store-laws/builds.ts';
import { leaseLaws } from './view-store-laws/leases.ts';
import { readingLaws } from './view-store-laws/reading.ts';
import type { Subject, ViewStoreUnderTest } from './view-store-laws/support.ts';
import { writingLaws } from './view-store-laws/writing.ts';

export type { ViewStoreUnderTest } from './view-store-laws/support.ts';

/**
 * What every view store has to keep: rows and checkpoint move together or not at all, only the newest holder of the
 * fence writes, and versions of a view live side by side. Call it at the top of a test file.
 */
export const viewStoreLaws = (name: string, open: () => Promise<ViewStoreUnderTest>): void => {
  describe(`view store: ${name}`, () => {
    let opened: ViewStoreUnderTest | undefined;
    const subject = (): Subject => {
      if (opened === undefined) throw new Error('the view store did not open');
      return opened;
    };
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      await opened?.dispose();
    });

    describe('writing', () => writingLaws(subject));
    describe('builds side by side', () => buildLaws(subject));
    describe('reading', () => readingLaws(subject));
    describe('leases', () => leaseLaws(subject));
  });
};
