import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory of a process now and at its highest, MB. Linux only. */
export function memoryOf({ pid }: ChildProcess): {
  readonly nowMb: number;
  readonly peakMb: number;
} {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => {
    const kilobytes = new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1];
    if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
    return Math.round(Number(kilobytes) / 102.4) / 10;
  };
  return { nowMb: field('VmRSS'), peakMb: field('VmHWM') };
}
