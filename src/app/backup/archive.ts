// A folder as one .tar.gz, by the tar that every system has.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { DeviceError, StoreError } from '../../core/errors.ts';

/** Complete when it returns: an archive that was cut short never carries the name of one. */
export function pack(folder: string, file: string): void {
  const part = `${file}.part`;
  try {
    tar(['-czf', part, '-C', folder, '.'], file);
    renameSync(part, file);
  } finally {
    rmSync(part, { force: true });
  }
}

export function unpack(file: string, folder: string): void {
  if (!existsSync(file)) {
    throw new StoreError(`${file} does not exist: name a file that 'sentigon backup' made`);
  }
  tar(['-xzf', file, '-C', folder, '--no-same-owner'], file);
}

function tar(args: readonly string[], file: string): void {
  const { error, status, stderr } = spawnSync('tar', args, { encoding: 'utf8' });
  if (error) throw new DeviceError(`tar cannot be run: ${error.message}: sudo apt install tar`);
  if (status === 0) return;
  const [reason = ''] = stderr.trim().split('\n');
  throw new StoreError(`${file}: ${reason || `tar ended with ${status}`}`);
}
