// Tests and sources as plain JavaScript: the test runner's own native parts are for this machine only.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Writes them to `folder`. */
export function compileTests(folder) {
  const emit = ['--noEmit', 'false', '--outDir', folder];
  execFileSync('npx', ['tsc', '-p', 'test', ...emit], { cwd: REPOSITORY, stdio: 'inherit' });
  cpSync(join(REPOSITORY, 'package.json'), join(folder, 'package.json'));
  for (const name of ['kernels.wasm', 'kernels-relaxed.wasm']) {
    const path = join('src/engine/kernels', name);
    cpSync(join(REPOSITORY, path), join(folder, path));
  }
  addRunner(join(folder, 'node_modules'));
}

/** The runner of Node under the names of ours, with the same assertions. */
function addRunner(modules) {
  const runner = join(modules, 'vitest');
  mkdirSync(runner, { recursive: true });
  writeFileSync(join(runner, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(
    join(runner, 'index.js'),
    `import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import * as chai from 'chai';
for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const { expect } = chai;
export { describe, it } from 'node:test';
`,
  );
  for (const name of ['@vitest', 'chai', 'zod', 'ml-matrix', 'assemblyscript']) {
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
  }
}
