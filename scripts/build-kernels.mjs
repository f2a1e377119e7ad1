// Compiles src/engine/kernels/assembly to kernels.wasm (plain SIMD: the same bits everywhere) and to
// kernels-relaxed.wasm (fused multiply-add where the processor has it). Does nothing when both are up to date.
// The compiler runs in a process of its own, and again when it crashes: it has ended with a segmentation fault.
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAgainAfterCrash } from './kernels/run-again.mjs';

const compiler = fileURLToPath(new URL('kernels/compile.mjs', import.meta.url));
const folder = fileURLToPath(new URL('../src/engine/kernels/', import.meta.url));
const sources = join(folder, 'assembly');
const builds = [
  { output: join(folder, 'kernels.wasm'), features: ['simd'] },
  { output: join(folder, 'kernels-relaxed.wasm'), features: ['simd', 'relaxed-simd'] },
];

const newestSource = Math.max(
  ...[fileURLToPath(import.meta.url), compiler].map(modifiedMs),
  ...readdirSync(sources, { recursive: true }).map((name) => modifiedMs(join(sources, name))),
);
for (const { output, features } of builds) {
  if (modifiedMs(output) < newestSource) compile(output, features);
}

/** Writes beside the target and renames, so that a parallel test run never reads half a file. */
function compile(output, features) {
  const partial = `${output}.${process.pid}.tmp`;
  try {
    runAgainAfterCrash(compiler, [partial, ...features], console.error);
    renameSync(partial, output);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Before every source when the file is not there. */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}
