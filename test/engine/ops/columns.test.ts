import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastRows } from '../../../src/engine/ops/columns.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';
import { against, checkOp } from './check-op.ts';

const size = fc.integer({ min: 1, max: 13 });
const shapes = fc.record({ windows: fc.integer({ min: 1, max: 4 }), rows: size, columns: size });

describe('lastRows', () => {
  it('computes what PyTorch computes', () => {
    checkGolden('last-rows', (tape, [x]) => lastRows(tape, x as Tensor, 2));
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    const cases = fc.tuple(shapes, fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(cases, ([{ windows, rows, columns }, more]) => {
        checkOp((tape) => {
          const x = tape.input([windows, rows, columns], { gradient: true });
          const y = lastRows(tape, x, 1 + (more % rows));
          return against(tape, [x], y);
        });
      }),
      { numRuns: 8 },
    );
  });

  it('refuses rows that are not there', () => {
    const tape = new Tape();
    const x = tape.input([2, 3, 4]);
    expect(() => lastRows(tape, x, 4)).toThrow('windows of 3 rows do not have 4 last rows');
    expect(() => lastRows(tape, x, 0)).toThrow(RangeError);
    expect(() => lastRows(tape, x, 1.5)).toThrow(RangeError);
  });
});
