import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { thisHost } from '../../../src/lab/profiler/host.ts';

describe('host that is profiled', () => {
  it('lets go of a command that is followed, also of what that has started (#18)', async () => {
    const lines: string[] = [];
    const script =
      'setsid sh -c "echo \\$\\$; while sleep 0.02; do echo more || exit; done" & wait';
    const stop = thisHost.follow('sh', ['-c', script], (line) => lines.push(line));
    await vi.waitUntil(() => lines.length > 1, { timeout: 10_000 });
    const pid = lines[0] ?? '';
    onTestFinished(() => {
      if (existsSync(`/proc/${pid}`)) process.kill(Number(pid), 'SIGKILL');
    });
    stop();
    const before = lines.length;
    await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
    expect(lines).toHaveLength(before);
  });
});

/** Not so of a process that has ended, also while nobody has asked how. */
function isRunning(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}
