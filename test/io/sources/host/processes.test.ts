import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProcessTable, resourceOf } from '../../../../src/io/sources/host/processes.ts';
import { tempFolder } from '../../temp-folder.ts';

interface Told {
  readonly pid: number;
  readonly name?: string;
  readonly parent?: number;
  readonly start?: number;
  readonly cpu?: number;
  readonly memory?: number;
  readonly childFaults?: number;
  readonly written?: number;
  readonly files?: number;
}

/** Writes a folder proc with these processes, as the kernel does. */
function write(root: string, processes: readonly Told[], busy?: number): void {
  rmSync(join(root, 'proc'), { recursive: true, force: true });
  mkdirSync(join(root, 'proc', 'self'), { recursive: true });
  if (busy !== undefined) writeFileSync(join(root, 'proc', 'stat'), `cpu  ${busy} 0 0 9 9 0 0 0\n`);
  for (const {
    pid,
    name = `p${pid}`,
    parent = 1,
    start = 7,
    cpu = 0,
    memory = 0,
    ...more
  } of processes) {
    const folder = join(root, 'proc', String(pid));
    mkdirSync(join(folder, 'fd'), { recursive: true });
    const faults = more.childFaults ?? 0;
    const fields = `S ${parent} 1 1 0 -1 4194560 9 ${faults} 0 0 ${cpu} 0 0 0 20 0 1 0 ${start} 999 ${memory} 0`;
    writeFileSync(join(folder, 'stat'), `${pid} (${name}) ${fields}\n`);
    if (more.written !== undefined) {
      writeFileSync(join(folder, 'io'), `rchar: 9\nread_bytes: 0\nwrite_bytes: ${more.written}\n`);
    }
    for (let fd = 0; fd < (more.files ?? 0); fd += 1)
      writeFileSync(join(folder, 'fd', String(fd)), '');
  }
}

/** A table that has looked at some processes, and what there is a minute later. */
function tableOf(
  before: readonly Told[],
  now: readonly Told[],
  { busy, init = { pid: 1 } }: { readonly busy?: number; readonly init?: Told } = {},
): ProcessTable {
  const root = tempFolder();
  let timeMs = 0;
  const table = new ProcessTable(root, () => timeMs);
  write(root, [init, ...before], 0);
  table.look();
  timeMs = 60_000;
  write(root, [init, ...now], busy);
  return table;
}

describe('the table of processes (#21)', () => {
  it('ranks by what was used since the last look, not since a process began', () => {
    const table = tableOf(
      [
        { pid: 10, cpu: 1_000_000 },
        { pid: 11, cpu: 50 },
      ],
      [
        { pid: 10, cpu: 1_000_010 },
        { pid: 11, name: 'stress (x) y', cpu: 140 },
        { pid: 12, cpu: 100 },
      ],
    );
    expect(table.mostOf('cpu')).toEqual([
      { name: 'p12', pid: 12, share: 0.5 },
      { name: 'stress (x) y', pid: 11, share: 0.45 },
      { name: 'p10', pid: 10, share: 0.05 },
    ]);
  });

  it('does not take a new process with an old id for the old one', () => {
    const table = tableOf([{ pid: 10, cpu: 500, start: 7 }], [{ pid: 10, cpu: 80, start: 9 }]);
    expect(table.mostOf('cpu')).toEqual([{ name: 'p10', pid: 10, share: 1 }]);
  });

  it('ranks memory, disk, files and children', () => {
    const table = tableOf(
      [
        { pid: 10, written: 100 },
        { pid: 11, written: 900 },
      ],
      [
        { pid: 10, written: 400, memory: 30, files: 1 },
        { pid: 11, written: 1000, memory: 70, files: 3, childFaults: 800 },
        { pid: 12, parent: 10, start: 8 },
        { pid: 13, parent: 10, start: 8 },
      ],
    );
    const most = (resource: Parameters<ProcessTable['mostOf']>[0]) =>
      table.mostOf(resource).map(({ pid, share }) => `${pid}: ${share}`);
    expect(most('memory')).toEqual(['11: 0.7', '10: 0.3']);
    expect(most('disk')).toEqual(['10: 0.75', '11: 0.25']);
    expect(most('files')).toEqual(['11: 0.75', '10: 0.25']);
    expect(most('forks')).toEqual(['11: 0.8', '10: 0.2']);
  });

  it('names none where nothing can be read or nothing was used', () => {
    const table = tableOf([{ pid: 10 }], [{ pid: 10, written: Number.NaN }]);
    expect([table.mostOf('disk'), table.mostOf('files'), table.mostOf('cpu')]).toEqual([
      [],
      [],
      [],
    ]);
    const fresh = new ProcessTable(join(tempFolder(), 'none'));
    expect(fresh.mostOf('memory')).toEqual([]);
  });

  it('counts what ended or is out of sight among what was used', () => {
    const table = tableOf(
      [],
      [
        { pid: 10, cpu: 20 },
        { pid: 11, cpu: 3 },
      ],
      { busy: 100 },
    );
    expect(table.mostOf('cpu')).toEqual([{ name: 'p10', pid: 10, share: 0.2 }]);
  });

  it('names none where the processes of others are hidden', () => {
    const hidden = tableOf([], [{ pid: 10, cpu: 20, memory: 7 }], { init: { pid: 9 } });
    expect([hidden.mostOf('cpu'), hidden.mostOf('memory')]).toEqual([[], []]);
  });

  it('does not pass on what a terminal obeys in a name', () => {
    const table = tableOf([], [{ pid: 10, name: 'a\u001b[2Jb', memory: 5 }]);
    expect(table.mostOf('memory')[0]?.name).toBe('a?[2Jb');
  });

  it('reads this machine', () => {
    const table = new ProcessTable('');
    table.look();
    const [first] = table.mostOf('memory');
    expect(first?.pid).toBeGreaterThan(0);
    expect(first?.share).toBeLessThanOrEqual(1);
  });
});

describe('the resource of a channel', () => {
  it.each([
    ['cpu.user', 'cpu'],
    ['cpu.iowait', 'disk'],
    ['memory.used', 'memory'],
    ['disk.free:/data', 'disk'],
    ['sockets.tcp', 'files'],
    ['processes.forks', 'forks'],
    ['network.sent', undefined],
  ])('of %s is %s', (channel, resource) => {
    expect(resourceOf(channel)).toBe(resource);
  });
});
