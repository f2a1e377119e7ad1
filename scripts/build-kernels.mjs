// Compiles src/engine/kernels/assembly to kernels.wasm (plain SIMD: the same bits everywhere) and to
// kernels-relaxed.wasm (fused multiply-add where the processor has it). Does nothing when both are up to date.
import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(import.meta.url);
const folder = fileURLToPath(new URL('../src/engine/kernels/', import.meta.url));
const sources = join(folder, 'assembly');
const builds = [
  { output: join(folder, 'kernels.wasm'), features: ['--enable', 'simd'] },
  {
    output: join(folder, 'kernels-relaxed.wasm'),
    features: ['--enable', 'simd', '--enable', 'relaxed-simd'],
  },
];

const newestSource = Math.max(
  modifiedMs(script),
  ...readdirSync(sources, { recursive: true }).map((name) => modifiedMs(join(sources, name))),
);
for (const { output, features } of builds) {
  if (modifiedMs(output) < newestSource) await compile(output, features);
}

/** Writes beside the target and renames, so that a parallel test run never reads half a file. */
async function compile(output, features) {
  // Loaded only when needed: it takes longer than all the rest of a run that finds everything built.
  const { default: asc } = await import('assemblyscript/asc');
  const partial = `${output}.${process.pid}.tmp`;
  const { error, stderr } = await asc.main([
    join(sources, 'index.ts'),
    ...['--outFile', partial],
    ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert'],
    ...['--runtime', 'stub', '--importMemory', '--use', 'abort='],
    ...features,
  ]);
  if (error) {
    process.stderr.write(stderr.toString());
    throw error;
  }
  renameSync(partial, output);
}

/** Before every source when the file is not there. */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}
