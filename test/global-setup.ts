// Builds the kernels once, so that `npm test` needs no build step before it.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export function setup(): void {
  if (existsSync('scripts/build-kernels.mjs'))
    execFileSync('npm', ['run', '--silent', 'kernels'], { stdio: 'inherit' });
}
