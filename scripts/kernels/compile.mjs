// Compiles the kernels once: node scripts/kernels/compile.mjs OUTPUT [FEATURE ...]
// Ends with FAULTY_SOURCES when trying again would not help; build-kernels.mjs starts it, and again when it crashes.
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { FAULTY_SOURCES } from './run-again.mjs';

const main = fileURLToPath(new URL('../../src/engine/kernels/assembly/index.ts', import.meta.url));

// Before the compiler is loaded, which is WebAssembly itself: V8 would compile the hot half of it a second time, in threads
// beside the running code. For three seconds of work that costs more than it gains, and it is where V8 can go wrong.
setFlagsFromString('--liftoff-only');
const { default: asc } = await import('assemblyscript/asc');

const [output, ...features] = process.argv.slice(2);
const { error, stderr } = await asc.main([
  main,
  ...['--outFile', output],
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert'],
  ...['--runtime', 'stub', '--importMemory', '--use', 'abort='],
  ...features.flatMap((feature) => ['--enable', feature]),
]);
if (error) {
  process.stderr.write(stderr.toString());
  // what asc says of mistakes in the sources; all else is a crash that it caught itself
  if (!/^\d+ (parse|compile) error/.test(error.message)) throw error;
  process.exitCode = FAULTY_SOURCES;
}
