import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { measureDaemonRss } from '../../scripts/bench/rss.ts';

const MOST_MB = 100;

it('a daemon that watches its host with a GON never needs 100 MB', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'ignore' });
  const peakMb = await measureDaemonRss();
  expect(peakMb).toBeGreaterThan(20);
  expect(peakMb).toBeLessThan(MOST_MB);
});
