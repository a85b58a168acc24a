import { viewStoreLaws } from '@mailroom/domain/testing';
import { memoryViewStore } from './memory-view-store.ts';

viewStoreLaws('memory', async () => {
  const views = memoryViewStore();
  return { views, reopen: async () => views, dispose: () => views.close() };
});
