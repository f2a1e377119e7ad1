// Facts about this machine, which the checks judge.
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { arch, availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { timesyncd } from '../process/clock-watch.ts';
import { outputOf } from '../service/system-programs.ts';
import type { Access, Clock, Machine, Space } from './machine-checks.ts';

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

/** Of a Pi its device tree, of a PC its firmware says what it is. */
export function machineOf(): Machine {
  const board = textOf('/proc/device-tree/model')?.replaceAll('\0', '').trim();
  const product = textOf('/sys/class/dmi/id/product_name')?.trim();
  return {
    model: board || product || 'a machine that does not say what it is',
    isPi: /^raspberry pi/i.test(board ?? ''),
    inContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    architecture: arch(),
    processors: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // this kernel has no such file
  }
}
