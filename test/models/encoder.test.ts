import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Floats } from '../../src/engine/floats.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { plainTape } from '../../src/engine/kernels/plain/tape.ts';
import { meanSquaredError } from '../../src/engine/ops/losses.ts';
import { adamw } from '../../src/engine/optimisers/adam.ts';
import { createRandom } from '../../src/engine/random.ts';
import { compile, type Program } from '../../src/engine/tape/program.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import { reshape, type Tensor } from '../../src/engine/tape/tensor.ts';
import { type DesignPoint, HEADS } from '../../src/models/design-point.ts';
import { encode, encoderMacs, type PatchShape } from '../../src/models/encoder.ts';
import { initialiseNetwork, project } from '../../src/models/layers.ts';
import { golden } from '../golden/read.ts';
import { countingEngine } from './counting-engine.ts';
import { EVERYTHING } from './encoder-points.ts';

interface Golden {
  readonly tolerance: { readonly double: number; readonly single: number };
  readonly cases: Readonly<Record<string, GoldenCase>>;
}

interface GoldenCase {
  readonly point: DesignPoint;
  readonly shape: PatchShape & { readonly batch: number };
  readonly output: readonly number[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const simd = await loadKernels('wasm-simd');
const { cases, tolerance } = golden<Golden>('encoder.json');
const engines = {
  double: (tape: Tape, loss: Tensor, outputs: readonly Tensor[]): Program<Floats> =>
    compile(tape, plainTape(Float64Array), { loss, outputs }),
  single: (tape: Tape, loss: Tensor, outputs: readonly Tensor[]): Program<Floats> =>
    simd.compile(tape, { loss, outputs }),
};

/** Masked reconstruction with an encoder. */
function network({ point, shape }: Pick<GoldenCase, 'point' | 'shape'>) {
  const { batch, rows, width, patch } = shape;
  const tape = new Tape();
  const axes = [batch, rows, width];
  const [x, target, mask] = [tape.input(axes), tape.input(axes), tape.input(axes)];
  const cells = project(tape, encode(tape, point, x, { patch }), patch * width, 'reconstruction');
  const output = reshape(cells, axes);
  return { tape, x, target, mask, output, loss: meanSquaredError(tape, output, target, mask) };
}

describe('encoders', () => {
  describe.each(Object.entries(cases))('are what PyTorch computes: %s', (_, wanted) => {
    it.each(['double', 'single'] as const)('in %s precision', (precision) => {
      const { tape, x, target, mask, output, loss } = network(wanted);
      const program = engines[precision](tape, loss, [x, target, mask, output]);
      program.valuesOf(x).set(numbers('x', x.size));
      program.valuesOf(target).set(numbers('target', target.size));
      program.valuesOf(mask).set(numbers('mask', mask.size).map((value) => (value > 0 ? 1 : 0)));
      for (const { name, shape, values } of program.parameters) {
        values.set(startOf(name, shape, values.length));
      }
      program.forward();
      program.backward();
      const most = tolerance[precision];
      expectNear(program.valuesOf(output), wanted.output, 0, most, 'output');
      expectNear(program.valuesOf(loss), [wanted.loss], 0, most, 'loss');
      const names = program.parameters.map(({ name }) => name);
      expect(names.sort()).toEqual(Object.keys(wanted.gradients).sort());
      // Biases of keys have none: they move all scores of a row alike. What is left is rounding.
      const floor = 1e-3 * Math.max(...Object.values(wanted.gradients).flat().map(Math.abs));
      for (const { name, gradient } of program.parameters) {
        expectNear(gradient, wanted.gradients[name] ?? [], floor, most, name);
      }
    });
  });

  it('multiply as often as is said of them', () => {
    const shapes = fc.record({
      width: fc.integer({ min: 1, max: 4 }),
      patch: fc.integer(range(3)),
    });
    fc.assert(
      fc.property(points(), shapes, fc.integer({ min: 13, max: 16 }), (point, shape, patches) => {
        const rows = patches * shape.patch;
        const tape = new Tape();
        const output = encode(tape, point, tape.input([2, rows, shape.width]), shape);
        const { engine, macs } = countingEngine();
        compile(tape, engine, { outputs: [output] }).forward();
        expect(macs()).toBe(2 * encoderMacs(point, { ...shape, rows }));
      }),
      { numRuns: 25 },
    );
  });

  it('start and train to the same bytes from the same seed, and to others from another', () => {
    const [first, again, other] = [trained(1), trained(1), trained(2)];
    expect(Buffer.compare(first, again)).toBe(0);
    expect(Buffer.compare(first, other)).not.toBe(0);
  });
});

function range(max: number) {
  return { min: 1, max };
}

const NARROWED = { op: 'attention', form: 'scaled', queryWidth: 2, valueWidth: 5 } as const;

function points(): fc.Arbitrary<DesignPoint> {
  const layer = fc
    .record({
      heads: fc.array(fc.constantFrom(...HEADS, NARROWED), { minLength: 1, maxLength: 4 }),
      width: fc.integer({ min: 4, max: 6 }),
      headWidth: fc.option(fc.integer(range(7)), { nil: undefined }),
      feedForward: fc.array(fc.integer({ min: 4, max: 9 }), { minLength: 1, maxLength: 3 }),
    })
    .map(({ width, ...layer }) => ({ hidden: layer.heads.length * width, ...layer }));
  return fc.array(layer, { minLength: 1, maxLength: 3 }).map((layers) => ({ layers }));
}

/** The weights of a few steps, as bytes. */
function trained(seed: number): Buffer {
  const shape = { batch: 4, rows: 26, width: 3, patch: 2 };
  const { tape, x, target, mask, loss } = network({ point: EVERYTHING, shape });
  const program = simd.compile(tape, { loss, outputs: [x, target, mask] });
  const random = createRandom(seed);
  initialiseNetwork(program.parameters, random);
  const optimiser = adamw(program, { weightDecay: 0.01 });
  program.valuesOf(mask).fill(1);
  for (let step = 0; step < 5; step += 1) {
    for (const tensor of [x, target]) {
      const values = program.valuesOf(tensor);
      for (let i = 0; i < values.length; i += 1) values[i] = random.normal();
    }
    program.forward();
    program.backward();
    optimiser.step(1e-2);
  }
  expect(program.weights.every(Number.isFinite)).toBe(true);
  return Buffer.from(Uint8Array.from(new Uint8Array(program.weights.slice().buffer)));
}

/** What scripts/golden/encoder.py calls `numbers`. */
function numbers(name: string, size: number): Float64Array {
  let code = 7;
  for (const letter of name) code = (31 * code + letter.charCodeAt(0)) % 1_000_003;
  return Float64Array.from(
    { length: size },
    (_, i) => ((code * (i + 1) + 7919 * i * i) % 2003) / 1001.5 - 1,
  );
}

/** What its `Weights` are. */
function startOf(name: string, shape: readonly number[], size: number): Float64Array {
  const scale = 1 / Math.sqrt(shape.at(-2) ?? 4);
  const start = name.endsWith('gain') ? 1 : 0;
  return numbers(name, size).map((value) => start + scale * value);
}

/** By the largest element, or by `floor` if that is larger. */
function expectNear(
  found: Floats,
  wanted: readonly number[],
  floor: number,
  most: number,
  what: string,
): void {
  expect(found.length, what).toBe(wanted.length);
  const scale = Math.max(floor, ...wanted.map(Math.abs));
  const off = wanted.map((value, i) => Math.abs(value - (found[i] as number)) / scale);
  expect(Math.max(...off), what).toBeLessThan(most);
}
