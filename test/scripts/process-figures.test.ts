import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cpuOf, memoryOf, writtenBy } from '../../scripts/process-figures.ts';
import { tempFolder } from '../io/temp-folder.ts';

describe.skipIf(!existsSync('/proc/self/io'))('figures of a process', () => {
  it('are what Node says of itself', () => {
    const { rss } = process.memoryUsage();
    expect(memoryOf('self').nowMb).toBeCloseTo(rss / 2 ** 20, -1);
    const { nowMb, peakMb } = memoryOf('self');
    expect(peakMb).toBeGreaterThanOrEqual(nowMb);
    const { user, system } = process.cpuUsage();
    expect(cpuOf('self')).toBeCloseTo((user + system) / 1e6, 0);
  });

  it('count what it writes', () => {
    const before = writtenBy('self');
    writeFileSync(join(tempFolder(), 'million'), Buffer.alloc(1e6));
    expect(writtenBy('self').handedBytes - before.handedBytes).toBeGreaterThanOrEqual(1e6);
  });

  it('are those of another process', async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    while (cpuOf(child.pid) < 0.2) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(memoryOf(child.pid).nowMb).toBeGreaterThan(20);
  });

  it('throw when there is no such process', () => {
    expect(() => memoryOf(undefined)).toThrow('/proc/undefined/status');
  });
});
