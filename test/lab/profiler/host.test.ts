import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { thisHost } from '../../../src/lab/profiler/host.ts';
import { endProcess } from '../../io/leaver.ts';
import { commandLine } from '../../io/process/command-line.ts';

describe('host that is profiled', () => {
  it('lets go of a command that is followed, also of what that has started (#18)', async () => {
    const lines: string[] = [];
    const script =
      'setsid sh -c "echo \\$\\$; while sleep 0.02; do echo more || exit; done" & wait';
    const stop = thisHost.follow('sh', ['-c', script], (line) => lines.push(line));
    await vi.waitUntil(() => lines.length > 1, { timeout: 60_000 });
    const pid = lines[0] ?? '';
    onTestFinished(() => endProcess(pid));
    stop();
    const before = lines.length;
    await vi.waitUntil(() => commandLine(pid) === '', { timeout: 60_000 });
    expect(lines).toHaveLength(before);
  });
});
