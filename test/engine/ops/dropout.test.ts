import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { dropout } from '../../../src/engine/ops/dropout.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { against, checkOp } from './check-op.ts';
import { type CompileTape, exact } from './exact.ts';

const simd = await loadKernels('wasm-simd');
const relaxed = await loadKernels('wasm-relaxed');

const COUNT = 20_003;

describe('dropout', () => {
  it.each([1, 3, 37, 64])(
    'has the gradients of central differences, and the kernels agree: %d',
    (size) => {
      checkOp((tape) => {
        const x = tape.input([2, size], { gradient: true });
        const y = dropout(tape, x, 0.3, 7);
        return against(tape, [x], y);
      });
    },
  );

  it('drops as many as it says, and makes up for them', () => {
    for (const rate of [0.1, 0.5, 0.9]) {
      const kept = mask(simd.compile, { rate });
      const share = kept.filter((value) => value > 0).length / COUNT;
      // Five standard deviations.
      expect(Math.abs(share - (1 - rate))).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / COUNT));
      const isWhole = (value: number): boolean =>
        value === 0 || Math.abs(value * (1 - rate) - 1) < 1e-6;
      expect(kept.every(isWhole)).toBe(true);
    }
  });

  it('drops the same in every engine', () => {
    const wanted = mask(exact, { seed: 3, step: 8 }).map(Math.sign);
    expect(mask(simd.compile, { seed: 3, step: 8 }).map(Math.sign)).toEqual(wanted);
    expect(mask(relaxed.compile, { seed: 3, step: 8 }).map(Math.sign)).toEqual(wanted);
  });

  it('drops others at another step, with another seed and beside each other', () => {
    const first = mask(simd.compile, {}).map(Math.sign);
    const rivals = [
      mask(simd.compile, { step: 1 }),
      mask(simd.compile, { seed: 2 }),
      mask(simd.compile, { seed: 1 + 2 ** 32 }),
      [...first.slice(1), 0],
      [...first.slice(4), 0, 0, 0, 0],
    ];
    for (const rival of rivals) {
      const equal = rival.filter((value, i) => Math.sign(value) === first[i]).length / COUNT;
      expect(Math.abs(equal - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / COUNT));
    }
    expect(mask(simd.compile, {}).map(Math.sign)).toEqual(first);
  });

  it('lets all pass while nothing is trained, forward and back', () => {
    for (const compileTape of [simd.compile, exact]) {
      const program = built(compileTape, {});
      program.state.training = false;
      expect(program.run().every((value) => value === 1)).toBe(true);
      expect(program.gradient().every((value) => Math.abs(value - 2 / COUNT) < 1e-9)).toBe(true);
    }
  });

  it('is nothing at a rate of 0', () => {
    const tape = new Tape();
    const x = tape.input([3]);
    expect(dropout(tape, x, 0, 1)).toBe(x);
    expect(tape.steps).toHaveLength(0);
  });

  it('refuses rates that leave nothing, and seeds that are none', () => {
    const tape = new Tape();
    const x = tape.input([3]);
    expect(() => dropout(tape, x, 1, 1)).toThrow('the rate is 1, must be from 0 to below 1');
    expect(() => dropout(tape, x, -0.1, 1)).toThrow(RangeError);
    expect(() => dropout(tape, x, Number.NaN, 1)).toThrow(RangeError);
    expect(() => dropout(tape, x, 0.5, 0.5)).toThrow('the seed is 0.5, must be an integer');
  });
});

interface Draw {
  readonly rate?: number;
  readonly seed?: number;
  readonly step?: number;
}

/** What dropout makes of ones. */
function mask(compileTape: CompileTape, draw: Draw): readonly number[] {
  return built(compileTape, draw).run();
}

function built(compileTape: CompileTape, { rate = 0.5, seed = 1, step = 0 }: Draw) {
  const tape = new Tape();
  const x = tape.input([COUNT], { gradient: true });
  const y = dropout(tape, x, rate, seed);
  const loss = meanSquaredError(tape, y, tape.constant([COUNT], new Float64Array(COUNT)));
  const program = compileTape(tape, { loss, outputs: [x, y] });
  program.valuesOf(x).fill(1);
  program.state.step = step;
  return {
    state: program.state,
    run() {
      program.forward();
      return [...program.valuesOf(y)];
    },
    gradient() {
      program.backward();
      return [...program.gradientOf(x)];
    },
  };
}
