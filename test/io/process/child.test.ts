import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DeviceError, SourceError } from '../../../src/core/errors.ts';
import { outputOf, startChild } from '../../../src/io/process/child-process.ts';
import { endingError } from '../../../src/io/process/program-ending.ts';
import { groupLeaver } from '../leaver.ts';
import { tempFolder } from '../temp-folder.ts';
import { commandLine } from './command-line.ts';

const run = (
  command: readonly string[],
  timeoutMs = 60_000,
  signal = new AbortController().signal,
) => outputOf(command, { where: 'source test', timeoutMs, signal });

/** A program has time for its first lines, however busy the machine. */
const LONG_MS = 3000;

describe('output of a program', () => {
  it('is all it printed, arguments passed as they are and not through a shell', async () => {
    expect(await run(['printf', '%s\n', '$HOME; *', 'b'])).toBe('$HOME; *\nb\n');
  });

  it.each([
    [
      'longer than the system takes',
      ['echo', 'a'.repeat(1 << 20)],
      /'echo a+\.{3}' cannot be run: its arguments are longer/,
    ],
    ['a NUL character', ['echo', 'a\0b'], /'echo a b' cannot be run: an argument has a NUL/],
    ['a folder for a program', ['/tmp'], /'\/tmp' cannot be run: this user may not run it: check/],
    ['a name too long', [`/${'a'.repeat(300)}`], /cannot be run: spawn ENAMETOOLONG$/],
  ])('fails in one short line for a command with %s', async (_, command, message) => {
    const failing = run(command);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toThrow(/^source test: .{1,1000}$/);
    await expect(failing).rejects.toBeInstanceOf(SourceError);
  });

  it('fails with the exit code and the last line of standard error', async () => {
    const command = ['sh', '-c', 'echo first >&2; echo "no bus" >&2; exit 3'];
    await expect(run(command)).rejects.toThrow(
      /^source test: 'sh -c .*' ended with exit code 3: no bus$/,
    );
    await expect(run(command)).rejects.toThrow(SourceError);
  });

  it('names a program that is not there', async () => {
    await expect(run(['no-such-program'])).rejects.toThrow(
      "source test: there is no program 'no-such-program': install or correct it",
    );
    await expect(run(['no-such-program'])).rejects.toThrow(DeviceError);
  });

  it('kills what is not done in time, with what it started', async () => {
    const pidFile = join(tempFolder(), 'pid');
    const command = ['sh', '-c', `sleep 60 & echo $! > ${pidFile}; wait`];
    await expect(run(command, LONG_MS)).rejects.toThrow(
      `was not done after ${LONG_MS} ms and was killed`,
    );
    const pid = readFileSync(pidFile, 'utf8').trim();
    await vi.waitFor(() => expect(commandLine(pid)).toBe(''), { timeout: 60_000 });
  });

  it('leaves nothing of its group that ignores SIGTERM and keeps no pipe (#22)', async () => {
    const pidFile = join(tempFolder(), 'pid');
    const stubborn = `trap "" TERM; echo $$ > ${pidFile}; while :; do sleep 1; done`;
    const script = `sh -c '${stubborn}' > /dev/null 2>&1 & exec sleep 60`;
    await expect(run(['sh', '-c', script], LONG_MS)).rejects.toThrow('was killed');
    const pid = readFileSync(pidFile, 'utf8').trim();
    await vi.waitFor(() => expect(commandLine(pid)).toBe(''), { timeout: 60_000 });
  });

  it('is what a program printed, although something it started keeps the pipe open (#18)', async () => {
    const leaver = groupLeaver();
    expect(await run(['sh', '-c', `${leaver.command}; echo 1`], 15_000)).toBe('1\n');
    expect(leaver.pids().map(commandLine)).toEqual([expect.stringContaining('sleep')]);
  });

  it('fails in time, although something that left the group keeps the pipe open (#18)', async () => {
    const leaver = groupLeaver();
    const script = `${leaver.command}; echo 1; sleep 60`;
    await expect(run(['sh', '-c', script], LONG_MS)).rejects.toThrow(
      `was not done after ${LONG_MS} ms and was killed`,
    );
    expect(leaver.pids().map(commandLine)).toEqual([expect.stringContaining('sleep')]);
  });

  it('ends what is left of its group when that keeps the pipe open (#18)', async () => {
    const pid = await run(['sh', '-c', 'sleep 60 & echo $!']);
    await vi.waitFor(() => expect(commandLine(pid.trim())).toBe(''), { timeout: 60_000 });
  });

  it('refuses to read for ever', async () => {
    await expect(run(['yes'])).rejects.toThrow('printed more than 1048576 characters');
  });

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController();
    const running = run(['sleep', '60'], 5000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});

describe('child lines', () => {
  it('come as they are printed, and end with the program', async () => {
    const child = startChild(['printf', 'a\nb\n'], 'test', new AbortController().signal);
    const lines: string[] = [];
    for await (const batch of child.lines) lines.push(...batch.lines);
    expect(lines).toEqual(['a', 'b']);
    expect(await child.ended).toMatchObject({ code: 0, signal: null, lastLine: '' });
  });

  it('are all there, however slowly they are read, when the pipe outlives the program (#18)', async () => {
    const script = `${groupLeaver().command}; seq 30000 >&1`;
    const child = startChild(['sh', '-c', script], 'test', new AbortController().signal);
    onTestFinished(() => child.stop());
    const lines: string[] = [];
    for await (const batch of child.lines) {
      if (lines.length === 0) await vi.waitUntil(() => !child.running, { timeout: 60_000 });
      lines.push(...batch.lines);
    }
    expect(lines).toEqual(Array.from({ length: 30_000 }, (_, i) => `${i + 1}`));
    expect(await child.ended).toMatchObject({ code: 0 });
  });

  it('end with stop, whoever keeps the pipe open (#18)', async () => {
    const leaver = groupLeaver();
    const script = `${leaver.command}; echo 1; sleep 60`;
    const child = startChild(['sh', '-c', script], 'test', new AbortController().signal);
    for await (const _ of child.lines) await child.stop();
    expect(await child.ended).toMatchObject({ signal: 'SIGTERM' });
    expect(leaver.pids().map(commandLine)).toEqual([expect.stringContaining('sleep')]);
  });

  it('makes a program end that does not want to', async () => {
    const child = startChild(
      ['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done'],
      'test',
      new AbortController().signal,
    );
    onTestFinished(() => child.stop());
    for await (const _ of child.lines) break;
    await child.stop();
    const ending = await child.ended;
    expect(ending.signal).toBe('SIGKILL');
    expect(endingError('source test', ['sh'], ending).message).toBe(
      "source test: 'sh' was ended by SIGKILL",
    );
  });
});
