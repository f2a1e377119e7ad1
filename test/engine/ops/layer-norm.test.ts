import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layerNorm } from '../../../src/engine/ops/layer-norm.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';
import { against, checkOp } from './check-op.ts';

describe('layerNorm', () => {
  it('computes what PyTorch computes', () => {
    checkGolden('layer-norm', (tape, inputs) => {
      const [x, gain, bias] = inputs as [Tensor, Tensor, Tensor];
      return layerNorm(tape, x, gain, bias);
    });
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    const cases = fc.record({
      rows: fc.integer({ min: 1, max: 7 }),
      // Rows of 2 become -1 and 1 whatever they are; what little is left of their gradient is lost in roundings.
      columns: fc.oneof(fc.constant(1), fc.integer({ min: 3, max: 37 })),
      learnt: fc.constantFrom('both', 'gain', 'bias', 'neither'),
    });
    fc.assert(
      fc.property(cases, ({ rows, columns, learnt }) => {
        checkOp((tape) => {
          const x = tape.input([2, rows, columns], { gradient: true });
          const isLearnt = (name: string): boolean => learnt === name || learnt === 'both';
          const weights = ['gain', 'bias'].map((name) =>
            isLearnt(name) ? tape.parameter(name, [columns]) : tape.input([columns]),
          );
          const y = layerNorm(tape, x, weights[0] as Tensor, weights[1] as Tensor);
          const given = weights.filter(({ storage }) => storage.kind === 'input');
          return against(tape, [x, ...given], y);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('refuses weights of another width', () => {
    const tape = new Tape();
    const x = tape.input([2, 3]);
    const weights = tape.parameter('w', [4]);
    expect(() => layerNorm(tape, x, weights, weights)).toThrow(
      'gain and bias have 4 and 4 elements, rows of 3 need 3 of each',
    );
  });
});
