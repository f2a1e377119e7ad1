import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DeviceError, SourceError } from '../../../src/core/errors.ts';
import { execSource } from '../../../src/io/sources/exec.ts';
import { collect } from '../collect.ts';
import { groupLeaver } from '../leaver.ts';
import { commandLine } from '../process/command-line.ts';
import { tempFolder } from '../temp-folder.ts';

function open(options: object) {
  const told: string[] = [];
  const source = execSource.create(execSource.options.parse(options), {
    streamId: 'pump',
    warn: (message) => told.push(message),
  });
  return { source, told };
}

const shell = (script: string): string[] => ['sh', '-c', script];

describe('exec source', () => {
  it('runs a program at each interval and reads all it prints', async () => {
    const count = join(tempFolder(), 'count');
    const script = `echo x >> ${count}; echo "runs=$(wc -l < ${count})"; echo "temp=48.3'C"`;
    const { source } = open({ command: shell(script), intervalMs: 100 });
    expect(source.live).toBe(true);
    const samples = await collect(source, 3);
    expect(source.channels).toEqual([
      { id: 'runs', unit: '' },
      { id: 'temp', unit: '' },
    ]);
    expect(samples.map(({ values }) => [...values])).toEqual([
      [1, 48.3],
      [2, 48.3],
      [3, 48.3],
    ]);
    expect(samples.every(({ timeMs }) => timeMs % 100 === 0)).toBe(true);
  });

  it('reads the lines of a program that goes on, and ends it when it is stopped', async () => {
    const pid = join(tempFolder(), 'pid');
    const script = `echo $$ > ${pid}; echo booting; while :; do echo 1.5 2.5; sleep 0.02; done`;
    const { source, told } = open({
      command: shell(script),
      mode: 'lines',
      channels: [{ name: 'a[V]' }, { name: 'b[A]' }],
    });
    expect(source.channels[0]).toEqual({ id: 'a', unit: 'V' });
    const samples = await collect(source, 3);
    expect([...(samples[2]?.values ?? [])]).toEqual([1.5, 2.5]);
    expect(told[0]).toContain('no values in "booting"');
    const gone = readFileSync(pid, 'utf8').trim();
    await expect.poll(() => commandLine(gone)).toBe('');
    await expect(collect(source, 1)).resolves.toHaveLength(1); // may be opened again
  });

  it('fails with exit code and last words, in both modes', async () => {
    const command = shell('echo 1; echo "sensor not found" >&2; exit 2');
    for (const mode of ['poll', 'lines']) {
      const failing = collect(open({ command, mode, intervalMs: 100 }).source);
      await expect(failing).rejects.toThrow(/ended with exit code 2: sensor not found$/);
    }
  });

  it('fails when a program that should go on ends well', async () => {
    const failing = collect(open({ command: ['echo', '1'], mode: 'lines' }).source);
    await expect(failing).rejects.toThrow("source exec: 'echo 1' ended with exit code 0");
    await expect(failing).rejects.toThrow(SourceError);
  });

  it('reads a program although what it started keeps its output open (#18)', async () => {
    const leaver = groupLeaver();
    const command = shell(`${leaver.command}; echo 1`);
    const { source } = open({ command, intervalMs: 100, timeoutMs: 15_000 });
    const samples = await collect(source, 2);
    expect(samples.map(({ values }) => [...values])).toEqual([[1], [1]]);
    expect(leaver.pids().length).toBeGreaterThanOrEqual(2);
  });

  it('kills a run that hangs', async () => {
    const { source } = open({ command: ['sleep', '60'], intervalMs: 100, timeoutMs: 50 });
    await expect(collect(source)).rejects.toThrow(
      "'sleep 60' was not done after 50 ms and was killed",
    );
  });

  it('does not wait for a run when it is stopped', async () => {
    const { source } = open({ command: ['sleep', '60'], intervalMs: 100 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 150);
    const samples = [];
    for await (const sample of source.samples(stop.signal)) samples.push(sample);
    expect(samples).toEqual([]);
  });

  it('says that there is no such program', async () => {
    const failing = collect(open({ command: ['no-such-program'], intervalMs: 100 }).source);
    await expect(failing).rejects.toThrow(DeviceError);
  });
});
