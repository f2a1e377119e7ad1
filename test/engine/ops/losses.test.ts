import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { scale } from '../../../src/engine/ops/elements.ts';
import {
  binaryCrossEntropy,
  crossEntropy,
  gaussianNll,
  huberLoss,
  meanSquaredError,
  quantileLoss,
} from '../../../src/engine/ops/losses.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';
import { checkOp } from './check-op.ts';
import { type CompileTape, exact } from './exact.ts';

const simd = await loadKernels('wasm-simd');

const LEVELS = [0.125, 0.5, 0.875];

/** Predictions and targets (rows, columns); a mask weighs elements, or rows. */
interface Losses {
  readonly golden: string;
  readonly weighs?: 'elements' | 'rows';
  readonly predictions: number;
  record(tape: Tape, predictions: readonly Tensor[], target: Tensor, mask?: Tensor): Tensor;
}

const losses: readonly Losses[] = [
  {
    golden: 'mean-squared-error',
    weighs: 'elements',
    predictions: 1,
    record: (tape, [p], t, mask) => meanSquaredError(tape, p as Tensor, t, mask),
  },
  {
    golden: 'huber-loss',
    weighs: 'elements',
    predictions: 1,
    record: (tape, [p], t, mask) => huberLoss(tape, p as Tensor, t, 0.75, mask),
  },
  {
    golden: 'gaussian-nll',
    weighs: 'elements',
    predictions: 2,
    record: (tape, [p, s], t, mask) => gaussianNll(tape, p as Tensor, s as Tensor, t, mask),
  },
  {
    golden: 'binary-cross-entropy',
    predictions: 1,
    record: (tape, [p], t) => binaryCrossEntropy(tape, p as Tensor, t),
  },
  {
    golden: 'cross-entropy',
    weighs: 'rows',
    predictions: 1,
    record: (tape, [p], t, mask) => crossEntropy(tape, p as Tensor, t, mask),
  },
];

const size = fc.integer({ min: 1, max: 19 });

describe.each(losses)('$golden', ({ golden, weighs, predictions, record }) => {
  it('computes what PyTorch computes', () => {
    checkGolden(golden, (tape, inputs) => {
      const [target, mask] = inputs.slice(predictions);
      return record(tape, inputs.slice(0, predictions), target as Tensor, mask);
    });
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(size, size, fc.boolean(), fc.integer(), (rows, columns, masked, seed) => {
        const build = (tape: Tape) => {
          const free = Array.from({ length: predictions }, () =>
            tape.input([rows, columns], { gradient: true }),
          );
          const target = tape.input([rows, columns]);
          const places = weighs === 'rows' ? rows : rows * columns;
          const weights = Array.from({ length: places }, (_, i) => ((i * 7) % 4) / 2);
          const mask = masked && weighs ? tape.constant([places], weights) : undefined;
          // A factor, so that the slopes have to be multiplied by what comes back.
          const loss = scale(tape, record(tape, free, target, mask), 3);
          return { inputs: [...free, target], loss };
        };
        checkOp(build, { seed });
      }),
      { numRuns: 8, seed: 1 },
    );
  });

  it.runIf(weighs)('counts nothing of what is masked out, whatever it is', () => {
    for (const compileTape of [simd.compile, exact]) {
      const tape = new Tape();
      const free = Array.from({ length: predictions }, () =>
        tape.input([7, 3], { gradient: true }),
      );
      const target = tape.input([7, 3]);
      const mask = tape.input(weighs === 'rows' ? [7] : [7, 3]);
      const loss = record(tape, free, target, mask);
      const program = compileTape(tape, { loss, outputs: [...free, target, mask] });
      const [unmasked, whole] = [0, Number.NaN].map((odd) => {
        for (const tensor of [...free, target]) program.valuesOf(tensor).fill(0.25);
        program
          .valuesOf(mask)
          .fill(1)
          .fill(0, 0, mask.size / 7);
        // The first row is masked out.
        for (const tensor of [...free, target]) program.valuesOf(tensor).fill(odd, 0, 3);
        program.forward();
        program.backward();
        return [...program.valuesOf(loss), ...free.flatMap((p) => [...program.gradientOf(p)])];
      });
      expect(whole).toEqual(unmasked);
      for (const p of free) expect([...program.gradientOf(p).subarray(0, 3)]).toEqual([0, 0, 0]);
    }
  });

  it.runIf(weighs)('is 0 where all is masked out', () => {
    const program = runMasked(record, predictions, weighs === 'rows' ? [5] : [5, 3]);
    expect(program).toEqual([0]);
  });

  it('refuses targets and weights that are not one for each', () => {
    const tape = new Tape();
    const free = Array.from({ length: predictions }, () => tape.input([4, 3]));
    const target = tape.input([4, 3]);
    expect(() => record(tape, free, tape.input([3, 3]))).toThrow(RangeError);
    if (weighs) expect(() => record(tape, free, target, tape.input([5]))).toThrow(RangeError);
  });
});

describe('quantileLoss', () => {
  it('computes what PyTorch computes', () => {
    checkGolden('quantile-loss', (tape, [p, t]) =>
      quantileLoss(tape, p as Tensor, t as Tensor, LEVELS),
    );
  });

  it('has the gradients of central differences, and the kernels agree', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 5 }), (rows, count) => {
        checkOp((tape) => {
          const p = tape.input([2, rows, count], { gradient: true });
          const t = tape.input([2, rows]);
          const levels = Array.from({ length: count }, (_, k) => (k + 1) / (count + 1));
          return { inputs: [p, t], loss: quantileLoss(tape, p, t, levels) };
        });
      }),
      { numRuns: 8, seed: 1 },
    );
  });

  it('refuses levels that are none, and shapes that do not meet', () => {
    const tape = new Tape();
    const p = tape.input([4, 3]);
    const t = tape.input([4]);
    expect(() => quantileLoss(tape, p, t, [0, 0.5, 0.9])).toThrow(
      'a level is 0, must lie between 0 and 1',
    );
    expect(() => quantileLoss(tape, p, t, [0.5])).toThrow(
      '4x3 predictions, 4 targets, 1 levels: expected one row per target',
    );
    expect(() => quantileLoss(tape, p, tape.input([3]), LEVELS)).toThrow(RangeError);
  });
});

describe('losses', () => {
  it('sum in doubles: a million small ones are not lost beside a large one', () => {
    const count = 2 ** 20;
    const tape = new Tape();
    const p = tape.input([count], { gradient: true });
    const loss = meanSquaredError(tape, p, tape.constant([count], new Float32Array(count)));
    const program = simd.compile(tape, { loss, outputs: [p] });
    program.valuesOf(p).fill(1)[0] = 2 ** 14;
    program.forward();
    expect(program.valuesOf(loss)[0]).toBe(Math.fround((2 ** 28 + count - 1) / count));
  });

  it('stay finite for logits of any size', () => {
    for (const logit of [-1e4, 1e4]) {
      const found = runLogits(simd.compile, logit);
      expect(found.every(Number.isFinite)).toBe(true);
      expect(found).toEqual(runLogits(exact, logit).map(Math.fround));
    }
  });

  it('refuse a delta that bends nothing, and variances of another size', () => {
    const tape = new Tape();
    const p = tape.input([4]);
    expect(() => huberLoss(tape, p, p, 0)).toThrow('delta is 0, must be positive and finite');
    expect(() => huberLoss(tape, p, p, Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => gaussianNll(tape, p, tape.input([3]), p)).toThrow(
      '4 means, 3 variances: expected as many variances as means',
    );
  });
});

/** The loss of ones against twos with all masked out. */
function runMasked(record: Losses['record'], predictions: number, maskShape: readonly number[]) {
  const tape = new Tape();
  const free = Array.from({ length: predictions }, () => tape.input([5, 3], { gradient: true }));
  const target = tape.input([5, 3]);
  const loss = record(tape, free, target, tape.input(maskShape));
  const program = simd.compile(tape, { loss, outputs: [...free, target] });
  for (const tensor of free) program.valuesOf(tensor).fill(1);
  program.valuesOf(target).fill(2);
  program.forward();
  return [...program.valuesOf(loss)];
}

/** Losses and slopes of binary cross-entropy to 0 and 1. */
function runLogits(compileTape: CompileTape, logit: number): readonly number[] {
  const tape = new Tape();
  const p = tape.input([2], { gradient: true });
  const loss = binaryCrossEntropy(tape, p, tape.constant([2], [0, 1]));
  const program = compileTape(tape, { loss, outputs: [p] });
  program.valuesOf(p).fill(logit);
  program.forward();
  program.backward();
  return [...program.valuesOf(loss), ...program.gradientOf(p)].map((x) =>
    Math.abs(x) < 1e-30 ? 0 : x,
  );
}
