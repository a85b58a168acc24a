import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** True for errors of the file system with one of these codes. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Makes names in a directory survive a power cut; one that has gone meanwhile needs nothing. Windows has no such call. */
export const syncDirectory = async (directory: string): Promise<void> => {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(directory, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
};

const writeTemporary = async (directory: string, content: string): Promise<string> => {
  const path = join(directory, `${randomUUID()}.tmp`);
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
  return path;
};

/**
 * Writes the whole file or nothing, readable by its owner only, in place of what was there. The new content is written
 * beside `scratch` files first, which a killed process may leave behind.
 */
export const replaceFile = async (scratch: string, path: string, content: string): Promise<void> => {
  const temporary = await writeTemporary(scratch, content);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
};

/** As `replaceFile`, but only where no file is: false when there is one. Of many writers at once exactly one gets true. */
export const createFile = async (scratch: string, path: string, content: string): Promise<boolean> => {
  const temporary = await writeTemporary(scratch, content);
  try {
    // Linking is atomic and refuses a taken name, and what it names is complete: nobody ever reads half a file.
    await link(temporary, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  return true;
};

/** The content, or null when there is no such file. */
export const readIfThere = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
};

/** Deletes the file durably; false when there was none. */
export const deleteFile = async (path: string): Promise<boolean> => {
  try {
    await unlink(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
  await syncDirectory(dirname(path));
  return true;
};
