// A fresh process that replays a file into rows, and prints by how many bytes its memory grew at most.
import { sqliteEventStore } from '@mailroom/event-store-sqlite';
import { replayStore } from './replay.ts';

const store = sqliteEventStore({ file: process.argv[2] ?? '', create: false });
const head = await store.head();
if (head._tag === 'Left') throw new Error(head.left._tag);
const idle = process.memoryUsage.rss();
const rows = await replayStore(store);
// Kilobytes, whatever the platform: Node makes it so.
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ grown: peak - idle, rows: rows.size }));
await store.close();
