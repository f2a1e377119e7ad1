// Builds once what tests share, before the first of them, so that none runs out of its time meanwhile.
import { execFileSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';

/** The kernels, so that `npm test` needs no build step before it, and the compiled program where all tests run that. */
export async function setup({ vite }: TestProject): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'kernels'], { stdio: 'inherit' });
  if (vite.config.mode === 'compiled') await import('./e2e/program.ts');
}
