import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startWatchingDaemon } from '../../scripts/live-test/watching-daemon.ts';

const folder = mkdtempSync(join(tmpdir(), 'live-'));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('the daemon of a live test', () => {
  it('logs what can be read and kept, also if a service started the test (#19)', async () => {
    vi.stubEnv('JOURNAL_STREAM', '8:12345');
    const daemon = startWatchingDaemon(folder, { rows: 100, longest: 1, detector: 'gon' });
    daemon.failure.catch(() => undefined); // it is stopped below
    try {
      await expect.poll(() => logged(), { timeout: 60_000 }).toContain('learning what is normal');
    } finally {
      await daemon.stop();
    }
    for (const line of logged().trimEnd().split('\n')) {
      expect(JSON.parse(line)).toHaveProperty('msg');
    }
  });
});

function logged(): string {
  try {
    return readFileSync(join(folder, 'daemon.log'), 'utf8');
  } catch {
    return ''; // not yet
  }
}
