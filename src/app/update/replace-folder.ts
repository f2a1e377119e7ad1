// A release as a folder in the place of another: unpacked beside it, tried, exchanged in one step.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError, UpdateError } from '../../core/errors.ts';
import { thisMachine } from '../service/machine.ts';
import { outputOf } from '../service/system-programs.ts';
import { unpack } from '../state/archive.ts';
import type { Replacement } from './exchange.ts';

/** The one folder that an archive holds. */
const TOP = 'sentigon';

export function replaceFolder(
  archive: string,
  { root, staging }: { readonly root: string; readonly staging: string },
  version: string,
): Replacement {
  const unpacked = join(staging, 'unpacked');
  const fresh = join(unpacked, TOP);
  const previous = join(staging, 'previous');
  return {
    prepare() {
      rmSync(unpacked, { recursive: true, force: true });
      mkdirSync(unpacked, { recursive: true });
      try {
        unpack(archive, unpacked);
        requireRelease(fresh, version);
        // on the disk before its name is: else a power cut leaves a program of empty files
        thisMachine.run('sync', '-f', fresh); // busybox knows no long options
      } catch (error) {
        rmSync(unpacked, { recursive: true, force: true });
        throw error;
      }
    },
    put: () => exchange(fresh, root),
    back() {
      exchange(fresh, root);
      rmSync(unpacked, { recursive: true, force: true });
    },
    keep() {
      rmSync(previous, { recursive: true, force: true });
      renameSync(fresh, previous);
      rmSync(unpacked, { recursive: true, force: true });
      rmSync(archive, { force: true });
      return previous;
    },
  };
}

/** It has to run here, native part and all, before it takes anybody's place. */
function requireRelease(folder: string, version: string): void {
  const main = join(folder, 'dist/main.js');
  const manifest = join(folder, 'package.json');
  const found = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version
    : undefined;
  if (found !== version) {
    throw new UpdateError(`the archive holds ${found ?? 'nothing'}, expected release ${version}`, {
      code: 'SEN_UPD_WRONG_FILE',
    });
  }
  const said = outputOf(process.execPath, main, '--version')?.trim();
  if (said === version) return;
  throw new UpdateError(
    `release ${version} does not start on this machine: ${process.execPath} ${main} --version`,
    { code: 'SEN_UPD_DOES_NOT_START' },
  );
}

/** In one step where the system can, so that a power cut leaves the one or the other. */
function exchange(one: string, other: string): void {
  try {
    thisMachine.run('mv', '--exchange', '--no-target-directory', one, other);
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    inThreeSteps(one, other); // coreutils before 9.5, or a file system without it
  }
}

function inThreeSteps(one: string, other: string): void {
  const aside = `${one}.aside`;
  const done: (readonly [string, string])[] = [];
  try {
    for (const [from, to] of [
      [other, aside] as const,
      [one, other] as const,
      [aside, one] as const,
    ]) {
      renameSync(from, to);
      done.unshift([from, to]);
    }
  } catch (cause) {
    for (const [from, to] of done) renameSync(to, from);
    throw new UpdateError(
      `nothing was changed: ${other} cannot be moved: ${(cause as Error).message}`,
      { code: 'SEN_UPD_NOT_REPLACED', cause },
    );
  }
}
