import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes that a process has started and that run, with their command lines. Linux only. */
export function childrenOf(parent: number): readonly { readonly pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, parentId] = /\) \S+ (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return Number(parentId) === parent ? [{ pid: Number(name), command }] : [];
    } catch {
      return []; // it has ended
    }
  });
}
