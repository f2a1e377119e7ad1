import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { goldenHashes, trained } from './golden-cases.ts';

const simd = await loadKernels('wasm-simd');
const file = new URL('../../golden/kernels.json', import.meta.url);

describe('golden results of the SIMD build', () => {
  const recorded: Record<string, string> = JSON.parse(readFileSync(file, 'utf8')).hashes;
  const computed = goldenHashes(simd);

  it('are recorded for every case', () => {
    expect(Object.keys(recorded)).toEqual(Object.keys(computed));
  });

  for (const [name, hash] of Object.entries(recorded)) {
    it(`come out to the bit: ${name}`, () => {
      expect(computed[name]).toBe(hash);
    });
  }

  it('come out again in the same process', () => {
    expect(trained(simd)).toEqual(trained(simd));
  });
});
