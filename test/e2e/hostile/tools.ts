// What some attacks need of the machine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hasMosquitto } from '../../io/mosquitto.ts';

export type Tool = 'mosquitto' | 'faketime' | 'strace' | 'root';

/** Preloaded into a process, it has the process see the time that a file names. */
export const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
].find((path) => existsSync(path));

const HAS: Readonly<Record<Tool, () => boolean>> = {
  mosquitto: () => hasMosquitto,
  faketime: () => FAKETIME !== undefined,
  strace: () => spawnSync('strace', ['-V']).status === 0,
  root: () => process.getuid?.() === 0,
};

export function missing(needs: readonly Tool[]): readonly Tool[] {
  return needs.filter((tool) => !HAS[tool]());
}
