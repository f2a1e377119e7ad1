// A disk of a test's own that is small enough to fill.
import { execFileSync, spawnSync } from 'node:child_process';
import { tempFolder } from './temp-folder.ts';

/** Whether this user may make one. */
export const mayMount =
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

export const TSX = import.meta.resolve('tsx');

/** A file of ours as programs of other processes import it, as a text in quotes. */
export function importName(file: string): string {
  return JSON.stringify(new URL(`../../${file}`, import.meta.url).href);
}

/** Runs a program, an ES module, in an empty folder on a disk of `size`, e.g. `400k`; returns what it printed. */
export function runOnSmallDisk(program: string, size: string): string {
  const node = `exec ${process.execPath} --import ${TSX} --input-type=module -e "$PROGRAM"`;
  const shell = `mount -t tmpfs -o size=${size} none . && cd "$PWD" && ${node}`;
  return execFileSync('unshare', ['-rm', 'sh', '-c', shell], {
    cwd: tempFolder(),
    encoding: 'utf8',
    env: { ...process.env, PROGRAM: program },
  });
}
