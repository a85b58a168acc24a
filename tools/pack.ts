// Packs every package as it would be published, for applications that try Mailroom before it is in a registry.
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAll } from './packages/pack.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = resolve(root, process.argv[2] ?? 'tarballs');
const tarballs = await packAll(root, folder);
console.log(`${tarballs.length} packages are in ${relative(process.cwd(), folder) || '.'}. In your application:`);
console.log(`    npm install ${join(folder, '*.tgz')}`);
