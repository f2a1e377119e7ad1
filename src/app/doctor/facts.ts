// What this machine says of itself; the checks judge it.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { timesyncd } from '../process/clock-watch.ts';
import type { Clock } from './checks/clock.ts';
import type { Space } from './checks/disk-space.ts';
import type { Access } from './checks/permissions.ts';
import type { UnitProperties } from './checks/unit-state.ts';

export function accessOf(path: string): Access {
  const may = (mode: number): boolean => {
    try {
      accessSync(path, mode);
      return true;
    } catch {
      return false;
    }
  };
  const exists = existsSync(path);
  return {
    exists,
    readable: may(constants.R_OK),
    writable: may(constants.W_OK),
    byAll: exists && (statSync(path).mode & constants.S_IROTH) !== 0,
  };
}

/** Of the file system that holds `folder`, or will. */
export function spaceOf(folder: string): Space {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { bavail, blocks, bsize } = statfsSync(there);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

export function clockOf(): Clock {
  const said = outputOf('timedatectl', 'show', '--property=NTPSynchronized', '--value')?.trim();
  const answers = new Map([
    ['yes', true],
    ['no', false],
  ]);
  const synchronised = timesyncd() || answers.get(said ?? '');
  return { synchronised, hasRtc: existsSync('/dev/rtc0') };
}

const PROPERTIES = 'LoadState,ActiveState,SubState,Result,NRestarts,UnitFileState';

export function unitProperties(unit: string): UnitProperties | undefined {
  const text = outputOf('systemctl', 'show', unit, `--property=${PROPERTIES}`);
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // this kernel has no such file
  }
}

/** Programs that look something up; systemctl itself gives up on a bus that is silent after 25 s. */
const PATIENCE_MS = 30_000;

/** What a program prints; undefined when it is not there, fails, or is not done in half a minute. */
export function outputOf(program: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  return status === 0 ? stdout : undefined;
}
