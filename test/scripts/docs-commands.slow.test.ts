import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** It installs the program, compiles its native part, and records for some minutes. */
const MOST_MS = 3_600_000;

it(
  'every command of the README and of two pages does what a new user expects of it (#20)',
  () => {
    const args = ['--import', 'tsx', 'scripts/docs-commands.ts'];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    process.stdout.write(stdout);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^passed {3}README\.md:\d+ {2}npm start/m);
    expect(stdout).not.toMatch(/^FAILED/m);
    expect(status).toBe(0);
  },
  MOST_MS,
);
