// Writes test/golden/kernels.json: the bits of the plain SIMD build. Run it with `node --import tsx` after a change
// that is meant to alter results, and say in the commit why.
import { readFileSync, writeFileSync } from 'node:fs';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { goldenHashes } from '../../test/engine/kernels/golden-cases.ts';

const assembly = new URL('../../node_modules/assemblyscript/package.json', import.meta.url);
const golden = {
  what: 'sha256 over the bits of results of the plain SIMD build, test/engine/kernels/golden-cases.ts',
  tolerance: 'none: WebAssembly without relaxed SIMD gives the same bits on every processor',
  versions: {
    assemblyscript: JSON.parse(readFileSync(assembly, 'utf8')).version,
    node: process.version,
    processor: process.arch,
  },
  hashes: goldenHashes(await loadKernels('wasm-simd')),
};
writeFileSync(
  new URL('../../test/golden/kernels.json', import.meta.url),
  `${JSON.stringify(golden, null, 2)}\n`,
);
