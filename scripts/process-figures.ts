// What the kernel says in /proc of a process: its memory, what it has written, its processor time. Linux only.
import { readFileSync } from 'node:fs';

/** The process that asks, or another by its number. */
export type Pid = number | 'self' | undefined;

/** Ticks of the processor times a second; 100 on every Linux that Node runs on. */
const TICKS_PER_S = 100;

/** Resident memory now and at its highest, MB to a tenth. */
export function memoryOf(pid: Pid): { readonly nowMb: number; readonly peakMb: number } {
  const status = fileOf(pid, 'status');
  const megabytes = (field: string): number => Math.round(status.number(field) / 102.4) / 10;
  return { nowMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') };
}

/** Bytes so far: all that the kernel was handed, and what it had to send to the disk, whole pages. */
export function writtenBy(pid: Pid): {
  readonly handedBytes: number;
  readonly deviceBytes: number;
} {
  const io = fileOf(pid, 'io');
  return { handedBytes: io.number('wchar'), deviceBytes: io.number('write_bytes') };
}

/** Processor time so far, seconds. */
export function cpuOf(pid: Pid): number {
  const { path, text } = fileOf(pid, 'stat');
  const [, user, system] = /\) \S+(?: \S+){10} (\d+) (\d+) /.exec(text) ?? [];
  if (system === undefined) throw new Error(`${path} has no processor times`);
  return (Number(user) + Number(system)) / TICKS_PER_S;
}

function fileOf(pid: Pid, name: string) {
  const path = `/proc/${pid}/${name}`;
  const text = readFileSync(path, 'utf8');
  const number = (field: string): number => {
    const found = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`${path} has no ${field}`);
    return Number(found);
  };
  return { path, text, number };
}
