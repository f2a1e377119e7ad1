import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedSteps } from '../../../src/detectors/dynamo/distances.ts';
import { JointBox, otsuThreshold } from '../../../src/detectors/dynamo/joint.ts';
import { fitBins, surprisalOf, tokenOf } from '../../../src/detectors/dynamo/token-spread.ts';
import { cooccurrence } from '../../../src/detectors/dynamo/training/step-network.ts';
import { createRandom } from '../../../src/engine/random.ts';

const plain = { topK: 4, blur: false, otsu: false };

/** Distributions of some steps, one after the other. */
function distributions(steps: number, kinds: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: steps * kinds }, () => random.uniform() ** 3);
  for (let i = 0; i < steps; i += 1) {
    const row = values.subarray(i * kinds, (i + 1) * kinds);
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((value, k) => {
      row[k] = value / sum;
    });
  }
  return values;
}

const ones = (kinds: number): Float32Array => new Float32Array(kinds * kinds).fill(1);

/** The next token is the last one with probability `sticky`, else any. */
function chain(count: number, kinds: number, sticky: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  let token = 0;
  return Uint8Array.from({ length: count }, () => {
    if (random.uniform() >= sticky) token = random.integer(kinds);
    return token;
  });
}

describe('tokens', () => {
  it('are bins of equal width, one below and one above', () => {
    const bins = { low: -1, high: 1, count: 4 };
    const tokens = [-1.01, -1, -0.51, -0.5, 0, 0.99, 1, 7].map((value) => tokenOf(value, bins));
    expect(tokens).toEqual([0, 1, 1, 2, 3, 4, 5, 5]);
  });

  it('ascend with the value', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { minLength: 9 }), (xs) => {
        const bins = fitBins(xs, 16);
        const tokens = [...xs].sort((a, b) => a - b).map((value) => tokenOf(value, bins));
        expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
        expect(tokens.every((token) => token >= 0 && token <= 17)).toBe(true);
      }),
    );
  });

  it('have bins of some width where a channel never moved', () => {
    const bins = fitBins([3, 3, 3], 16);
    expect(bins.high - bins.low).toBeCloseTo(0.1, 10);
    expect(tokenOf(3, bins)).toBe(9);
  });

  it('surprise by the logarithm of their probability, and never without bounds', () => {
    expect(surprisalOf(1)).toBeCloseTo(0, 12);
    expect(surprisalOf(0.25)).toBeCloseTo(2 * Math.LN2, 12);
    expect(surprisalOf(0)).toBeLessThan(21);
  });
});

describe('otsu', () => {
  it('is the cut that a search over all of them finds', () => {
    const value = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
        const threshold = otsuOf(values);
        const greatest = Math.max(0, ...values.map((cut) => between(values, cut)));
        expect(values).toContain(threshold);
        expect(between(values, threshold)).toBeCloseTo(greatest, 10);
      }),
    );
  });

  it('tells two heaps apart, and keeps all where there is one', () => {
    expect(otsuOf([0.1, 0.9, 0.12, 0.88, 0.11])).toBe(0.88);
    expect(otsuOf([0.3, 0.3, 0.3])).toBe(0.3);
  });
});

function otsuOf(values: readonly number[]): number {
  return otsuThreshold(Float64Array.from(values), new Float64Array(values.length));
}

/** Variance between the values below the cut and the others, written down as it is defined. */
function between(values: readonly number[], cut: number): number {
  const lower = values.filter((value) => value < cut);
  const upper = values.filter((value) => value >= cut);
  if (lower.length === 0 || upper.length === 0) return 0;
  const mean = (part: readonly number[]) => part.reduce((a, b) => a + b, 0) / part.length;
  const whole = mean(values);
  return [lower, upper].reduce((sum, part) => {
    return sum + (part.length / values.length) * (mean(part) - whole) ** 2;
  }, 0);
}

describe('co-occurrence', () => {
  it('is 1 but for noise where tokens know nothing of each other', () => {
    const ratios = cooccurrence(chain(40_000, 4, 0, 3), { steps: 40_000, width: 1, kinds: 4 });
    for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.06);
  });

  it('is the share of pairs over the shares of both, channel by channel', () => {
    // Channel 0: 0 1 0 1; channel 1: 2 2 2 2.
    const tokens = Uint8Array.of(0, 2, 1, 2, 0, 2, 1, 2);
    const ratios = cooccurrence(tokens, { steps: 4, width: 2, kinds: 3 });
    const total = 3 + 9 * 0.1;
    const wanted = 2.1 / total / ((2.3 / total) * (2.3 / total));
    expect(ratios[1]).toBeCloseTo(wanted, 5);
    expect(ratios[9 + 8]).toBeCloseTo((3.1 * total) / (3.3 * 3.3), 5);
  });

  it('does not join the end of one sample with the start of the next', () => {
    const ratios = cooccurrence(Uint8Array.of(0, 0, 1, 1), { steps: 2, width: 1, kinds: 2 });
    expect(ratios[1]).toBeLessThan(0.2);
  });

  it('leads from the heads to the truth of a chain of the first order', () => {
    const [kinds, sticky] = [4, 0.5];
    const mask = cooccurrence(chain(60_000, kinds, sticky, 5), { steps: 60_000, width: 1, kinds });
    const next = (from: number, to: number) => (1 - sticky) / kinds + (from === to ? sticky : 0);
    const heads = new Float32Array(2 * kinds);
    const truth = new Float64Array(kinds * kinds);
    for (let a = 0; a < kinds; a += 1) {
      heads[a] = next(0, a);
      for (let b = 0; b < kinds; b += 1) {
        truth[a * kinds + b] = next(0, a) * next(a, b);
        heads[kinds + b] = (heads[kinds + b] as number) + next(0, a) * next(a, b);
      }
    }
    const divergence = (weights: Float32Array): number => {
      const box = new JointBox(2, kinds, plain);
      const joint = box.read({ probabilities: heads, from: 0, apart: kinds }, weights, 0, 2);
      return truth.reduce((sum, p, i) => sum + p * Math.log(p / (joint[i] as number)), 0);
    };
    expect(divergence(mask)).toBeLessThan(0.6 * divergence(ones(kinds)));
  });
});

describe('joint probability', () => {
  const shapes = fc.record({
    steps: fc.integer({ min: 1, max: 4 }),
    kinds: fc.integer({ min: 2, max: 20 }),
    topK: fc.integer({ min: 1, max: 5 }),
    blur: fc.boolean(),
    otsu: fc.boolean(),
    seed: fc.nat(),
  });

  it('adds to 1 over the box, cleaned or not, whatever the mask', () => {
    fc.assert(
      fc.property(shapes, ({ steps, kinds, seed, ...options }) => {
        const box = new JointBox(steps, kinds, options);
        const random = createRandom(seed);
        const mask = Float32Array.from({ length: kinds * kinds }, () => 40 * random.uniform());
        const probabilities = distributions(steps, kinds, seed);
        for (let n = 1; n <= steps; n += 1) {
          const joint = box.read({ probabilities, from: 0, apart: kinds }, mask, 0, n);
          expect(joint.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          expect(Math.max(...joint)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is the outer product where the mask says nothing', () => {
    const [steps, kinds] = [3, 6];
    const probabilities = distributions(steps, kinds, 4);
    const box = new JointBox(steps, kinds, { ...plain, topK: kinds });
    const joint = box.read({ probabilities, from: 0, apart: kinds }, ones(kinds), 0, 3);
    const p = (i: number, token: number) => probabilities[i * kinds + token] as number;
    joint.forEach((found, cell) => {
      const [a, b, c] = [Math.floor(cell / 36), Math.floor(cell / 6) % 6, cell % 6];
      expect(found).toBeCloseTo(p(0, a) * p(1, b) * p(2, c), 6);
    });
  });

  it('takes the likeliest tokens in the order of their values', () => {
    const probabilities = Float32Array.of(0.1, 0.3, 0.05, 0.35, 0.2);
    const box = new JointBox(1, 5, { ...plain, topK: 3 });
    box.read({ probabilities, from: 0, apart: 5 }, ones(5), 0, 1);
    expect([...box.tokens]).toEqual([1, 3, 4]);
  });

  it('is blurred between neighbouring bins only', () => {
    const probabilities = Float32Array.of(0.4, 0.1, 0, 0, 0.5);
    const box = new JointBox(1, 5, { topK: 3, blur: true, otsu: false });
    const joint = box.read({ probabilities, from: 0, apart: 5 }, ones(5), 0, 1);
    const wanted = [0.75 * 0.4 + 0.25 * 0.1, 0.25 * 0.4 + 0.75 * 0.1, 0.5];
    joint.forEach((found, i) => {
      expect(found).toBeCloseTo(wanted[i] as number, 6);
    });
  });

  it('keeps what Otsu finds bright', () => {
    const probabilities = Float32Array.of(0.45, 0.05, 0.45, 0.05);
    const box = new JointBox(1, 4, { topK: 4, blur: false, otsu: true });
    const joint = box.read({ probabilities, from: 0, apart: 4 }, ones(4), 0, 1);
    expect([...joint].map((p) => Number(p.toFixed(6)))).toEqual([0.5, 0, 0.5, 0]);
  });
});

/** `confidences[n - 1]` is that of n steps. */
function accepted(
  confidences: readonly number[],
  options: Parameters<typeof acceptedSteps>[2],
): number {
  return acceptedSteps(confidences.length, (n) => confidences[n - 1] as number, options);
}

describe('accepted steps', () => {
  const confidence = fc.double({ min: 1e-6, max: 1, noNaN: true });
  const confidences = fc.array(confidence, { minLength: 1, maxLength: 4 });
  const literal = fc.boolean();

  it('are one at eps_b 1, and all at 0', () => {
    fc.assert(
      fc.property(confidences, literal, (given, asPublished) => {
        expect(accepted(given, { epsB: 1, literal: asPublished })).toBe(1);
        expect(accepted(given, { epsB: 0, literal: asPublished })).toBe(given.length);
      }),
    );
  });

  it('never grow with eps_b', () => {
    fc.assert(
      fc.property(confidences, literal, confidence, confidence, (given, asPublished, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(accepted(given, { epsB: high, literal: asPublished })).toBeLessThanOrEqual(
          accepted(given, { epsB: low, literal: asPublished }),
        );
      }),
    );
  });

  it('may jump from three to one, as the level falls with the steps', () => {
    expect(accepted([1, 0.49, 0.26], { epsB: 0.5, literal: false })).toBe(3);
    expect(accepted([1, 0.49, 0.24], { epsB: 0.5, literal: false })).toBe(1);
  });

  it('are fewer where all below eps_b counts as nothing', () => {
    expect(accepted([1, 0.6, 0.3], { epsB: 0.5, literal: false })).toBe(3);
    expect(accepted([1, 0.6, 0.3], { epsB: 0.5, literal: true })).toBe(2);
  });
});
