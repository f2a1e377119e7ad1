import { readFileSync } from 'node:fs';

/** Empty for a process that is gone, also while nobody has asked how it ended. */
export function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
