import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Ascent } from '../../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { fill, smallShape, trainStep } from './cases.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('memory of the kernels', () => {
  const ascents: readonly Ascent[] = [
    { rule: 'adam', maxSteps: 3, learningRate: 0.01, target: 0.9, epsilon: 1e-4 },
    { rule: 'backtracking', steps: 3, firstStep: 1, anchorWeight: 1 },
    { rule: 'normalised', steps: 3, stepLength: 0.1 },
  ];
  const calls = 20_000;
  /** Less than one object per hundred calls; what the runtime itself does meanwhile stays below. */
  const LIMIT_BYTES = 200_000;

  for (const name of ['wasm-simd', 'plain'] as const) {
    it(`does not grow while scoring (${name})`, async () => {
      const kernels = fill((await loadKernels(name)).discriminator(smallShape, 2), 20);
      const score = (count: number) => {
        for (let i = 0; i < count; i++) kernels.ascend(2, ascents[i % 3] as Ascent);
      };
      score(1000);
      const before = heapBytes();
      score(calls);
      expect(heapBytes() - before).toBeLessThan(LIMIT_BYTES);
    });
  }

  it('keeps views valid while others are created, whatever their number', async () => {
    const kernels = await loadKernels('wasm-simd');
    const shape = { inputs: 200, hidden1: 64, hidden2: 32, slope: 0.2 };
    const first = fill(kernels.discriminator(shape, 8), 21);
    first.forward(8);
    const logits = first.logits.slice();
    // More than one shared arena holds, and one that is larger than any.
    for (let i = 0; i < 60; i++) fill(kernels.discriminator(shape, 32), i).trainStep(32, trainStep);
    const large = fill(kernels.discriminator({ ...shape, inputs: 4000 }, 256), 22);
    large.forward(256);
    expect(large.logits.every((logit) => Number.isFinite(logit) && logit !== 0)).toBe(true);
    expect(first.logits).toEqual(logits);
    first.forward(8);
    expect(first.logits).toEqual(logits);
  });

  it('is given back with what was replaced: a new network does not add to those that are gone (#21)', async () => {
    const kernels = await loadKernels('wasm-simd');
    const shape = { inputs: 200, hidden1: 64, hidden2: 32, slope: 0.2 };
    const memories = new Set<WeakRef<ArrayBufferLike>>();
    let live = fill(kernels.discriminator(shape, 32), 1);
    for (let i = 0; i < 200; i++) {
      live = fill(kernels.discriminator(shape, 32), i);
      const { buffer } = live.logits;
      if (![...memories].some((memory) => memory.deref() === buffer)) {
        memories.add(new WeakRef(buffer));
      }
    }
    await new Promise((resolve) => setImmediate(resolve)); // a WeakRef holds its target until then
    collectGarbage();
    const held = [...memories].flatMap((memory) => memory.deref()?.byteLength ?? []);
    expect(memories.size).toBeGreaterThan(2);
    expect(held.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(4 * 2 ** 20);
    expect(live.logits).toHaveLength(32);
  });

  it('refuses what would overrun it', async () => {
    for (const name of ['wasm-simd', 'plain'] as const) {
      const kernels = await loadKernels(name);
      const discriminator = kernels.discriminator(smallShape, 2);
      expect(() => discriminator.forward(3)).toThrow('batch is 3, must be an integer from 1 to 2');
      expect(() => discriminator.ascend(0, ascents[0] as Ascent)).toThrow(RangeError);
      expect(() => discriminator.trainStep(1, { ...trainStep, optimised: 2 })).toThrow(RangeError);
      expect(() => kernels.discriminator({ ...smallShape, slope: -1 }, 1)).toThrow(RangeError);
      expect(() => kernels.discriminator({ ...smallShape, inputs: 0 }, 1)).toThrow(RangeError);
      const neighbours = kernels.neighbours({
        inputs: 3,
        maxRows: 4,
        maxBatch: 1,
        maxNeighbours: 2,
      });
      expect(() => neighbours.search(1, 5, 1)).toThrow(RangeError);
      expect(() => neighbours.search(1, 4, 3)).toThrow(RangeError);
      expect(() => neighbours.search(1, 1, 2)).toThrow(RangeError);
    }
  });
});
