import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { linear } from '../../../src/engine/ops/linear.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { checkOp } from './check-op.ts';

describe('linear', () => {
  it('has the gradients of central differences, and the kernels agree', () => {
    const sizes = fc.integer({ min: 1, max: 37 });
    const cases = fc.record({ rows: sizes, inner: sizes, columns: sizes, bias: fc.boolean() });
    fc.assert(
      fc.property(cases, ({ rows, inner, columns, bias }) => {
        checkOp((tape) => {
          const x = tape.input([rows, inner], { gradient: true });
          const weights = tape.parameter('w', [inner, columns]);
          const y = linear(tape, x, weights, bias ? tape.parameter('b', [columns]) : undefined);
          const target = tape.input([rows, columns]);
          return { inputs: [x, target], loss: meanSquaredError(tape, y, target), outputs: [y] };
        });
      }),
      { numRuns: 15 },
    );
  });

  describe.each(['elements', 'columns'] as const)('of pruned %s', (form) => {
    it('has the gradients of central differences, and the kernels agree', () => {
      const sizes = fc.integer({ min: 1, max: 19 });
      const cases = fc.record({
        windows: sizes,
        rows: fc.integer({ min: 1, max: 5 }),
        inner: sizes,
      });
      fc.assert(
        fc.property(cases, ({ windows, rows, inner }) => {
          const pruning = { form, threshold: form === 'elements' ? 0.6 : 1.4 };
          const offTheThreshold = (value: number): number =>
            Math.abs(Math.abs(value) - pruning.threshold) < 1e-3 ? value + 0.01 : value;
          checkOp(
            (tape) => {
              const x = tape.input([windows, rows, inner], { gradient: true });
              const weights = tape.parameter('w', [inner, 9]);
              const y = linear(tape, x, weights, tape.parameter('b', [9]), { pruning });
              const target = tape.input(y.shape);
              return { inputs: [x, target], loss: meanSquaredError(tape, y, target), outputs: [y] };
            },
            { adjust: offTheThreshold },
          );
        }),
        { numRuns: 8 },
      );
    });

    it('with a threshold below 0 has the same bits as without one', async () => {
      const simd = await loadKernels('wasm-simd');
      const results = [undefined, { form, threshold: -1 }].map((pruning) => {
        const tape = new Tape();
        const x = tape.input([4, 7, 33], { gradient: true });
        const weights = tape.parameter('w', [33, 21]);
        const y = linear(tape, x, weights, tape.parameter('b', [21]), { pruning });
        const loss = meanSquaredError(tape, y, tape.constant(y.shape, new Float32Array(y.size)));
        const program = simd.compile(tape, { loss, outputs: [y] });
        const random = createRandom(3);
        for (const values of [program.valuesOf(x), program.weights]) {
          for (let i = 0; i < values.length; i++) values[i] = random.normal();
        }
        program.forward();
        program.backward();
        return [program.valuesOf(y), program.gradients, program.gradientOf(x)].map((cells) => [
          ...cells,
        ]);
      });
      expect(results[1]).toEqual(results[0]);
    });
  });

  it('keeps the axes in front of the last', () => {
    const tape = new Tape();
    const y = linear(tape, tape.input([2, 3, 4]), tape.parameter('w', [4, 5]));
    expect(y.shape).toEqual([2, 3, 5]);
  });

  it('refuses weights of another height', () => {
    const tape = new Tape();
    expect(() => linear(tape, tape.input([2, 3]), tape.parameter('w', [4, 5]))).toThrow(
      'weights are 4x5, the input has 3 columns',
    );
  });
});
