import {
  type Certificates,
  certificatesStillTrue,
  createCertificates,
  type CounterStore,
  restoreCertificates,
  type RunningPersonas,
  serializeCertificates,
  startPersonas,
} from '@mailroom/mail-sandbox';
import type { DataFolder } from './data-folder.ts';

/** Starts the scripted mail servers of the story, on the ports and with the certificates of the run before. */
export const startSandbox = async (folder: DataFolder): Promise<RunningPersonas> => {
  const certificates = await keptCertificates(folder);
  const ports = keptPorts(folder);
  const running = await startPersonas({ certificates, ports, counters: countersIn(folder) });
  folder.write('sandbox-ports.json', JSON.stringify(running.ports));
  return running;
};

const keptCertificates = async (folder: DataFolder): Promise<Certificates> => {
  const stored = folder.read('sandbox-certificates.json');
  const certificates = stored === undefined ? undefined : restoreCertificates(stored);
  if (certificates !== undefined && certificatesStillTrue(certificates, new Date())) return certificates;
  const fresh = await createCertificates();
  folder.write('sandbox-certificates.json', serializeCertificates(fresh));
  return fresh;
};

const keptPorts = (folder: DataFolder): Partial<RunningPersonas['ports']> =>
  JSON.parse(folder.read('sandbox-ports.json') ?? '{}') as Partial<RunningPersonas['ports']>;

/** How often a failure that heals was shown: kept, so that a story that is killed goes on where it was. */
const countersIn = (folder: DataFolder): CounterStore => ({
  load: async () => JSON.parse(folder.read('sandbox-counters.json') ?? '{}') as Record<string, number>,
  save: async (counts) => folder.write('sandbox-counters.json', JSON.stringify(counts)),
});
