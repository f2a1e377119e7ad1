// A folder as one .tar.gz, by the tar that every system has.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fsyncSync, renameSync } from 'node:fs';
import { DeviceError, KnownError, StoreError } from '../../core/errors.ts';
import { openAnew } from './state-files.ts';

/**
 * Complete when it returns: an archive that was cut short never carries the name of one. It is written to `part`, on the same
 * file system.
 */
export function pack(folder: string, part: string, file: string): void {
  try {
    const output = openAnew(part);
    try {
      tar(['-cz', '-C', folder, '.'], file, output);
      fsyncSync(output);
    } finally {
      closeSync(output);
    }
    renameSync(part, file);
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw new StoreError(`${file} cannot be written: ${(cause as Error).message}`, {
      code: 'SEN_STO_WRITE',
      cause,
    });
  }
}

export function unpack(file: string, folder: string): void {
  if (!existsSync(file)) {
    throw new StoreError(`${file} does not exist: name a file that 'sentigon backup' made`, {
      code: 'SEN_STO_BACKUP_MISSING',
    });
  }
  tar(['-xzf', file, '-C', folder, '--no-same-owner'], file);
}

function tar(args: readonly string[], file: string, output: number | 'ignore' = 'ignore'): void {
  const { error, status, stderr } = spawnSync('tar', args, {
    encoding: 'utf8',
    stdio: ['ignore', output, 'pipe'],
  });
  if (error)
    throw new DeviceError(`tar cannot be run: ${error.message}: sudo apt install tar`, {
      code: 'SEN_DEV_TAR',
    });
  if (status === 0) return;
  const [reason = ''] = stderr.trim().split('\n');
  throw new StoreError(`${file}: ${reason || `tar ended with ${status}`}`, {
    code: 'SEN_STO_BACKUP_ARCHIVE',
  });
}
