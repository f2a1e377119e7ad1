import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { besideProcess } from '../../scripts/beside-process.ts';

const HELPER = new URL('../../scripts/beside-process.ts', import.meta.url).href;
const IDLE = ['-e', 'setInterval(() => {}, 1000)'];

function idleProcess() {
  const child = spawn(process.execPath, IDLE, { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A script that works beside an idle process for ever, and the number of that process. */
async function startScript() {
  const script = `
    import { spawn } from 'node:child_process';
    import { besideProcess } from ${JSON.stringify(HELPER)};
    const child = spawn(process.execPath, ${JSON.stringify(IDLE)}, { stdio: 'ignore' });
    await besideProcess(child, () => new Promise(() => console.log(child.pid)));
  `;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, pid: Number(line) };
}

describe('a process that a script works beside', () => {
  it('ends with the work, whose result is that of the whole', async () => {
    const child = idleProcess();
    expect(await besideProcess(child, async () => 7)).toBe(7);
    expect(child.signalCode).toBe('SIGTERM');
  });

  it('ends also when the work fails (#23)', async () => {
    const child = idleProcess();
    const failing = besideProcess(child, () => Promise.reject(new Error('no health')));
    await expect(failing).rejects.toThrow('no health');
    expect(child.signalCode).toBe('SIGTERM');
  });

  it('fails the work when it ends before', async () => {
    const child = spawn(process.execPath, ['-e', 'process.exitCode = 3'], { stdio: 'ignore' });
    const waiting = besideProcess(child, () => new Promise(() => undefined));
    await expect(waiting).rejects.toThrow('the process ended with 3, before the work beside it');
  });

  it('ends when the script is asked to stop (#23)', async () => {
    const { child, pid } = await startScript();
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    await vi.waitUntil(() => !isAlive(pid), { timeout: 60_000 });
  });
});
