import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { attention } from '../../../src/engine/ops/attention.ts';
import { linear } from '../../../src/engine/ops/linear.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { createRandom, type Random } from '../../../src/engine/random.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkOp } from './check-op.ts';
import { plainRun } from './plain-run.ts';

const simd = await loadKernels('wasm-simd');

describe('attention', () => {
  const cases = fc.record({
    windows: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 11 }),
    heads: fc.integer({ min: 1, max: 3 }),
    width: fc.integer({ min: 1, max: 9 }),
    causal: fc.boolean(),
    weighted: fc.boolean(),
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(cases, ({ windows, rows, heads, width, causal, weighted }) => {
        checkOp(
          (tape) => {
            const shape = [windows, rows, heads * width];
            const [q, k, v] = [0, 1, 2].map(() => tape.input(shape, { gradient: true }));
            if (!q || !k || !v) throw new Error('three were made');
            const multiplicative = weighted
              ? tape.parameter('w', [heads, width, width])
              : undefined;
            const y = attention(tape, q, k, v, { heads, causal, multiplicative });
            const target = tape.input(shape);
            const loss = meanSquaredError(tape, y, target);
            return { inputs: [q, k, v, target], loss, outputs: [y] };
          },
          // A probability near 1 has a slope that single precision cannot tell from 0.
          { spread: 0.5 },
        );
      }),
      { numRuns: 12 },
    );
  });

  it('has them where queries, keys and values are the same', () => {
    checkOp((tape) => {
      const x = tape.input([2, 5, 6], { gradient: true });
      const y = attention(tape, x, x, x, { heads: 2 });
      const target = tape.input([2, 5, 6]);
      return { inputs: [x, target], loss: meanSquaredError(tape, y, target), outputs: [y] };
    });
  });

  it('has them where each head has columns of its own', () => {
    const heads = [
      { query: 3, value: 1 },
      { query: 1, value: 4 },
    ];
    checkOp(
      (tape) => {
        const [q, k] = [0, 1].map(() => tape.input([2, 5, 4], { gradient: true }));
        const v = tape.input([2, 5, 5], { gradient: true });
        if (!q || !k) throw new Error('two were made');
        const y = attention(tape, q, k, v, { heads, width: 7 });
        const target = tape.input([2, 5, 5]);
        const loss = meanSquaredError(tape, y, target);
        return { inputs: [q, k, v, target], loss, outputs: [y] };
      },
      { spread: 0.5 },
    );
  });

  it.each(['elements', 'columns'] as const)('has them where it is pruned by %s', (form) => {
    const pruning = {
      queries: { form, threshold: form === 'elements' ? 0.3 : 0.8 },
      probabilities: { form, threshold: form === 'elements' ? 0.18 : 0.3 },
    };
    checkOp(
      (tape) => {
        const [q, k, v] = [0, 1, 2].map(() => tape.input([2, 5, 6], { gradient: true }));
        if (!q || !k || !v) throw new Error('three were made');
        const y = attention(tape, q, k, v, { heads: 2, pruning });
        const target = tape.input([2, 5, 6]);
        const loss = meanSquaredError(tape, y, target);
        return { inputs: [q, k, v, target], loss, outputs: [y] };
      },
      { spread: 0.6, seed: 4 },
    );
  });

  it('does not scale what is left of the probabilities to a sum of 1', () => {
    const sums = plainRun((tape) => {
      const x = tape.constant([1, 3, 1], [0, 1, 4]);
      const ones = tape.constant([1, 3, 1], [1, 1, 1]);
      const pruning = { probabilities: { form: 'elements' as const, threshold: 0.3 } };
      return attention(tape, x, x, ones, { heads: 1, pruning });
    });
    const scores = (q: number) => [0, 1, 4].map((k) => Math.exp(q * k));
    const expected = [0, 1, 4].map((q) => {
      const all = scores(q).reduce((sum, score) => sum + score, 0);
      return scores(q)
        .map((score) => score / all)
        .filter((probability) => probability > 0.3)
        .reduce((sum, probability) => sum + probability, 0);
    });
    expect(Math.min(...sums)).toBeLessThan(0.99);
    for (const [i, sum] of sums.entries()) expect(sum).toBeCloseTo(expected[i] as number, 12);
  });

  it('divides the scores by the width that is given, not by that of the columns', () => {
    const run = (factor: number, width: number): readonly number[] =>
      plainRun((tape) => {
        const q = tape.constant(
          [1, 3, 2],
          [1, 2, 3, 4, 5, 6].map((value) => factor * value),
        );
        const v = tape.constant([1, 3, 2], [1, 0, 0, 1, 2, 2]);
        return attention(tape, q, v, v, { heads: [{ query: 2, value: 2 }], width });
      });
    expect(run(2, 8)).toEqual(run(1, 2));
    expect(run(1, 8)).not.toEqual(run(1, 2));
  });

  it('shows a causal row nothing of what follows', () => {
    const at = (last: number): readonly number[] =>
      plainRun((tape) => {
        const x = tape.constant([1, 3, 2], [1, 2, 3, 4, last, -last]);
        return attention(tape, x, x, x, { heads: 1, causal: true });
      });
    expect(at(9).slice(0, 4)).toEqual(at(-5).slice(0, 4));
    expect(at(9).slice(0, 2)).toEqual([1, 2]);
    expect(at(9).slice(4)).not.toEqual(at(-5).slice(4));
  });

  it('refuses shapes that do not fit', () => {
    const tape = new Tape();
    const x = tape.input([2, 3, 6]);
    expect(() => attention(tape, x, x, x, { heads: 4 })).toThrow(
      '6 columns cannot be shared by 4 heads: the number of heads must divide them',
    );
    expect(() => attention(tape, x, tape.input([2, 4, 6]), x, { heads: 2 })).toThrow(
      'the shape of the keys is 2x4x6, it must be 2x3x6',
    );
    expect(() => attention(tape, x, x, tape.input([2, 3, 5]), { heads: 2 })).toThrow(
      'the shape of the values is 2x3x5, it must be 2x3x6',
    );
    const narrow = [
      { query: 2, value: 1 },
      { query: 4, value: 2 },
    ];
    expect(() => attention(tape, x, x, x, { heads: narrow })).toThrow(
      'the shape of the values is 2x3x6, it must be 2x3x3',
    );
    const short = { heads: narrow.slice(0, 1) };
    expect(() => attention(tape, x, x, tape.input([2, 3, 1]), short)).toThrow(
      'the queries have 6 columns, their heads need 2',
    );
    const flat = tape.input([3, 6]);
    expect(() => attention(tape, flat, flat, flat, { heads: 2 })).toThrow(
      'a tensor of 3x6 is not a batch of windows: it needs 3 axes',
    );
    const w = (shape: readonly number[]) => ({ multiplicative: tape.parameter(`${shape}`, shape) });
    expect(() => attention(tape, x, x, x, { heads: 2, ...w([3, 2, 2]) })).toThrow(
      'there are weights for 3 heads, expected 2',
    );
    expect(() => attention(tape, x, x, x, { heads: 2, ...w([2, 2, 2]) })).toThrow(
      'weights are 2x2x2, 2 heads of 6 columns need 2x3x3',
    );
  });
});

describe('the way back through attention, behind a product that leaves rows of gradients out', () => {
  const pruning = {
    output: { form: 'columns', threshold: -1, gradient: { threshold: 1 } },
  } as const;
  const [windows, rows, heads, width] = [3, 10, 2, 5];

  /** Gradients of q, k and v, and multiplications; `told`: attention knows that rows may be left out. */
  function passedBack(told: boolean) {
    const tape = new Tape(told ? { pruning } : {});
    const shape = [windows, rows, heads * width];
    const inputs = [0, 1, 2].map(() => tape.input(shape, { gradient: true }));
    const [q, k, v] = inputs as [Tensor, Tensor, Tensor];
    const y = attention(tape, q, k, v, { heads });
    const weights = tape.parameter('w', [heads * width, 4]);
    const out = linear(tape, y, weights, undefined, { name: 'output', pruning: pruning.output });
    const target = tape.input(out.shape);
    const loss = meanSquaredError(tape, out, target);
    const counter = { issued: 0, skipped: 0 };
    const program = simd.compile(tape, { loss, counter, outputs: [...inputs, target] });
    const random = createRandom(7);
    for (const view of [program.weights, ...inputs.map(program.valuesOf)]) {
      for (let i = 0; i < view.length; i++) view[i] = random.normal();
    }
    program.forward();
    setTargets(program.valuesOf(target), program.valuesOf(out), random);
    program.forward();
    program.backward();
    const gradients = inputs.map((tensor) => [...program.gradientOf(tensor)].map((x) => x + 0));
    return { gradients, counter };
  }

  /** Errors of most rows are small, and all of those of the first window. */
  function setTargets(targets: Float32Array, out: Float32Array, random: Random): void {
    for (const [i, value] of out.entries()) {
      const row = Math.floor(i / 4);
      targets[i] = value + (row % 3 === 0 && row >= rows ? 200 : 0.01) * random.normal();
    }
  }

  it('has the bits of the way through all rows, and skips the others (#23)', () => {
    const [found, wanted] = [passedBack(true), passedBack(false)];
    expect(found.gradients).toEqual(wanted.gradients);
    expect(Math.max(...(found.gradients[0] as number[]).map(Math.abs))).toBeGreaterThan(0);
    expect(found.counter.skipped).toBeGreaterThan(2 * wanted.counter.skipped);
    const all = ({ issued, skipped }: typeof found.counter) => issued + skipped;
    expect(all(found.counter)).toBe(all(wanted.counter));
  });
});
