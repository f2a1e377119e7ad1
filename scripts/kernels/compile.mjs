// Compiles the kernels once: node scripts/kernels/compile.mjs OUTPUT [FEATURE ...]
// build-kernels.mjs starts it, and again when it crashes.
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { CRASHED } from './run-again.mjs';

const main = fileURLToPath(new URL('../../src/engine/kernels/assembly/index.ts', import.meta.url));

// Before the compiler is loaded, which is WebAssembly itself: V8 would compile the hot half of it a second time, in threads
// beside the running code, and exchange it. For three seconds of work that costs more than it gains.
setFlagsFromString('--liftoff-only');
const { default: asc } = await import('assemblyscript/asc');

const [output, ...features] = process.argv.slice(2);
const { error, stderr } = await asc.main([
  main,
  ...['--outFile', output],
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert'],
  // a new memory is zero, so the file need not say what is
  ...['--runtime', 'stub', '--importMemory', '--zeroFilledMemory', '--use', 'abort='],
  ...features.flatMap((feature) => ['--enable', feature]),
]);
if (error) {
  process.stderr.write(stderr.toString());
  // what asc says of mistakes in the sources; all else is a crash of its own that it has caught
  process.exitCode = /^\d+ (parse|compile) error/.test(error.message) ? 1 : CRASHED;
}
