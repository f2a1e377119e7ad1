import { describe, expect, it } from 'vitest';
import type {
  AdamAscent,
  Ascent,
  BacktrackingAscent,
  DiscriminatorKernels,
} from '../../../src/engine/discriminator-kernels.ts';
import type { Floats } from '../../../src/engine/floats.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { plainDiscriminator, plainKernels } from '../../../src/engine/kernels/plain.ts';
import { fill, relativeError, smallShape } from './cases.ts';

const simd = await loadKernels('wasm-simd');

const official: AdamAscent = {
  rule: 'adam',
  maxSteps: 100,
  learningRate: 0.01,
  target: 0.9,
  epsilon: 1e-3,
};

/** gen.py of GON as a program without Adam class, scheduler or tensors, for a linear discriminator w x + b. */
function officialByHand(
  w: readonly number[],
  b: number,
  start: readonly number[],
  ascent: AdamAscent,
) {
  const x = [...start];
  const m = x.map(() => 0);
  const v = x.map(() => 0);
  let previous = 10;
  let quiet = 0;
  let steps = 0;
  while (steps < ascent.maxSteps) {
    const old = [...x];
    const d = 1 / (1 + Math.exp(-x.reduce((sum, value, j) => sum + value * (w[j] as number), b)));
    const loss = -(ascent.target * Math.log(d) + (1 - ascent.target) * Math.log(1 - d));
    const rate = 0.5 * ascent.learningRate * (1 + Math.cos((Math.PI * steps) / 10));
    steps++;
    x.forEach((value, j) => {
      const g = (d - ascent.target) * (w[j] as number);
      m[j] = 0.9 * (m[j] as number) + 0.1 * g;
      v[j] = 0.999 * (v[j] as number) + 0.001 * g * g;
      const root = Math.sqrt((v[j] as number) / (1 - 0.999 ** steps)) + 1e-8;
      const moved = value - (rate * ((m[j] as number) / (1 - 0.9 ** steps))) / root;
      x[j] = Math.min(1, Math.max(0, moved));
    });
    const still = x.every((value, j) => Math.abs(value - (old[j] as number)) < ascent.epsilon);
    const gain = previous - loss;
    quiet = still || (gain > 0 && gain < ascent.epsilon) ? quiet + 1 : 0;
    if (quiet > 10) break;
    previous = loss;
  }
  return { x, steps };
}

/** With slope 1 the network is linear: its weights are the product of the layers. */
function linearWeights({ shape, weights }: DiscriminatorKernels<Floats>): readonly number[] {
  const w = new Array<number>(shape.inputs).fill(0);
  for (let k = 0; k < shape.hidden2; k++) {
    for (let i = 0; i < shape.hidden1; i++) {
      const path = (weights.w3[k] as number) * (weights.w2[k * shape.hidden1 + i] as number);
      for (let j = 0; j < shape.inputs; j++) {
        w[j] = (w[j] as number) + path * (weights.w1[i * shape.inputs + j] as number);
      }
    }
  }
  return w;
}

function linearBias(kernels: DiscriminatorKernels<Floats>): number {
  const zero = plainDiscriminator(kernels.shape, 1, Float64Array);
  for (const name of ['w1', 'b1', 'w2', 'b2', 'w3', 'b3'] as const) {
    zero.weights[name].set(kernels.weights[name]);
  }
  zero.forward(1);
  return zero.logits[0] as number;
}

function row(kernels: DiscriminatorKernels<Floats>, values: Floats, index: number): number[] {
  const n = kernels.shape.inputs;
  return [...values.subarray(index * n, (index + 1) * n)];
}

describe('ascent by Adam', () => {
  const shape = { ...smallShape, slope: 1 };

  for (const epsilon of [1e-2, 1e-3, 1e-9]) {
    it(`goes the way of the published program and stops where it stops (epsilon ${epsilon})`, () => {
      const batch = 6;
      const exact = fill(plainDiscriminator(shape, batch, Float64Array), 11);
      const fast = fill(simd.discriminator(shape, batch), 11);
      const w = linearWeights(exact);
      const b = linearBias(exact);
      const starts = Array.from({ length: batch }, (_, i) => row(exact, exact.z, i));
      const ascent = { ...official, epsilon };
      exact.ascend(batch, ascent);
      fast.ascend(batch, ascent);
      const steps = starts.map((start, i) => {
        const expected = officialByHand(w, b, start, ascent);
        row(exact, exact.z, i).forEach((value, j) => {
          expect(value).toBeCloseTo(expected.x[j] as number, 10);
        });
        row(fast, fast.z, i).forEach((value, j) => {
          expect(value).toBeCloseTo(expected.x[j] as number, 5);
        });
        return expected.steps;
      });
      // The cases must reach the stop rule for the larger epsilons and the limit for the smallest.
      if (epsilon === 1e-9) expect(Math.max(...steps)).toBe(100);
      else expect(Math.max(...steps)).toBeLessThan(100);
    });
  }
});

describe('ascent by backtracking', () => {
  const ascent: BacktrackingAscent = {
    rule: 'backtracking',
    steps: 1,
    firstStep: 4,
    anchorWeight: 5,
  };

  function objective(kernels: DiscriminatorKernels<Floats>, index: number): number {
    const x = row(kernels, kernels.x, index);
    const z = row(kernels, kernels.z, index);
    const square = z.reduce((sum, value, j) => sum + (value - (x[j] as number)) ** 2, 0);
    const logit = kernels.logits[index] as number;
    return -Math.log(1 + Math.exp(-logit)) - (ascent.anchorWeight / z.length) * square;
  }

  for (const [name, make] of [
    ['plain', () => plainKernels.discriminator(smallShape, 5)],
    ['wasm-simd', () => simd.discriminator(smallShape, 5)],
  ] as const) {
    it(`never lowers the objective, however many steps (${name})`, () => {
      const reached: number[][] = [];
      for (let steps = 0; steps <= 25; steps++) {
        const kernels = fill(make(), 12);
        kernels.ascend(5, { ...ascent, steps });
        reached.push([0, 1, 2, 3, 4].map((index) => objective(kernels, index)));
      }
      for (let steps = 1; steps <= 25; steps++) {
        reached[steps]?.forEach((value, index) => {
          // Single precision blurs what the kernel compared in its own way.
          expect(value).toBeGreaterThan((reached[steps - 1]?.[index] as number) - 1e-6);
        });
      }
      const gains = reached[25]?.map((value, index) => value - (reached[0]?.[index] as number));
      expect(Math.min(...(gains as number[]))).toBeGreaterThan(0.01);
    });
  }

  it('ends where the gradient of the objective vanishes', () => {
    const kernels = fill(plainDiscriminator({ ...smallShape, slope: 1 }, 1, Float64Array), 13);
    kernels.ascend(1, { ...ascent, steps: 400 });
    const w = linearWeights(kernels);
    const outer = 1 / (1 + Math.exp(kernels.logits[0] as number));
    const pull = ascent.anchorWeight / smallShape.inputs;
    const x = row(kernels, kernels.x, 0);
    row(kernels, kernels.z, 0).forEach((z, j) => {
      expect(outer * (w[j] as number) - 2 * pull * (z - (x[j] as number))).toBeCloseTo(0, 6);
    });
  });
});

describe('every ascent', () => {
  const ascents: readonly Ascent[] = [
    { ...official, epsilon: 1e-9 },
    { rule: 'backtracking', steps: 20, firstStep: 3, anchorWeight: 4 },
    { rule: 'normalised', steps: 10, stepLength: 0.1 },
  ];
  const shape = { inputs: 37, hidden1: 26, hidden2: 19, slope: 0.2 };

  for (const ascent of ascents) {
    it(`treats a window alone as in a batch, to the bit (${ascent.rule})`, () => {
      const batch = 7;
      const together = fill(simd.discriminator(shape, batch), 14);
      const starts = together.z.slice();
      together.ascend(batch, ascent);
      const alone = fill(simd.discriminator(shape, batch), 14);
      const anchors = alone.x.slice();
      for (let index = 0; index < batch; index++) {
        const from = index * shape.inputs;
        alone.x.set(anchors.subarray(from, from + shape.inputs));
        alone.z.set(starts.subarray(from, from + shape.inputs));
        alone.ascend(1, ascent);
        expect(row(alone, alone.z, 0)).toEqual(row(together, together.z, index));
        expect(alone.logits[0]).toBe(together.logits[index]);
      }
    });

    it(`leaves x, the weights and other rows alone, and the logits of z (${ascent.rule})`, () => {
      const fast = simd.discriminator(shape, 5);
      for (const kernels of [fast, plainKernels.discriminator(shape, 5)]) {
        fill(kernels, 15);
        const x = kernels.x.slice();
        const w1 = kernels.weights.w1.slice();
        const untouched = row(kernels, kernels.z, 4);
        kernels.ascend(4, ascent);
        expect(kernels.x).toEqual(x);
        expect(kernels.weights.w1).toEqual(w1);
        expect(row(kernels, kernels.z, 4)).toEqual(untouched);
        const logits = kernels.logits.slice(0, 4);
        kernels.x.set(kernels.z);
        kernels.forward(4);
        // The plain engine optimises in double precision and rounds z after its logit.
        expect(relativeError(kernels.logits.slice(0, 4), logits)).toBeLessThan(
          kernels === fast ? Number.MIN_VALUE : 1e-6,
        );
      }
    });
  }
});
