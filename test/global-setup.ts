// Builds the kernels once, so that `npm test` needs no build step before it.
import { execFileSync } from 'node:child_process';

export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'kernels'], { stdio: 'inherit' });
}
