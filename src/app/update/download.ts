// A file of a release on the disk, complete and with the checksum that was signed, or not at all.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { UpdateError } from '../../core/errors.ts';
import type { Origin } from './origin.ts';
import type { ReleaseFile } from './release.ts';

/** Unpacked it takes up to this many times the room, beside itself. */
const UNPACKED = 5;

/** In `folder`, which belongs to this user alone; what an earlier try left there is gone on with. Throws `UpdateError`. */
export async function download(origin: Origin, file: ReleaseFile, folder: string): Promise<string> {
  const path = join(folder, file.name);
  if (existsSync(path) && (await hashOf(path)) === file.sha256) return path;
  rmSync(path, { force: true });
  requireRoom(folder, file.bytes * (1 + UNPACKED));
  const part = `${path}.part`;
  if (sizeOf(part) > file.bytes) rmSync(part);
  await fetchRest(origin, file, part);
  if ((await hashOf(part)) !== file.sha256) {
    rmSync(part);
    throw new UpdateError(
      `${origin.where(file.name)} is not the file that was signed: its sha256 differs, the download was deleted`,
      { code: 'SEN_UPD_ALTERED' },
    );
  }
  renameSync(part, path);
  return path;
}

async function fetchRest(
  origin: Origin,
  { name, bytes }: ReleaseFile,
  part: string,
): Promise<void> {
  if (sizeOf(part) === bytes) return;
  const { fromByte, chunks } = await origin.open(name, sizeOf(part));
  const handle = await open(part, fromByte > 0 ? 'a' : 'w', 0o600);
  let have = fromByte;
  try {
    for await (const chunk of chunks) {
      have += chunk.length;
      if (have > bytes) break;
      await handle.writeFile(chunk);
    }
  } catch (cause) {
    throw failed(cause, part);
  } finally {
    await handle.close();
  }
  if (have > bytes) rmSync(part);
  if (have === bytes) return;
  throw new UpdateError(
    have > bytes
      ? `${origin.where(name)} is longer than the ${bytes} bytes that were signed: the download was deleted`
      : `${origin.where(name)} ended after ${have} of ${bytes} bytes: run the same command again to continue from there`,
    { code: 'SEN_UPD_DOWNLOAD' },
  );
}

function failed(cause: unknown, part: string): unknown {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') return cause;
  rmSync(part, { force: true });
  return new UpdateError(`${part} cannot be written: no space left on the disk, free some`, {
    code: 'SEN_UPD_NO_SPACE',
    cause,
  });
}

function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  throw new UpdateError(
    `${folder} has ${megabytes(bavail * bsize)} MB left, the update needs ${megabytes(bytes)}: free some space`,
    { code: 'SEN_UPD_NO_SPACE' },
  );
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
