import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('a daemon in the environment of its unit keeps within its memory, writing and processor time over three days', () => {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync('npm', ['run', 'build'], { cwd, stdio: 'ignore' });
  const { status, stderr } = spawnSync('npm', ['run', 'endurance', '--', '--minutes', '1'], {
    cwd,
    encoding: 'utf8',
  });
  expect(stderr).not.toContain('not kept');
  expect(stderr).toMatch(/"growthMbPerDay":-?\d/);
  expect(status).toBe(0);
});
