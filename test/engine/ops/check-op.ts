// What every operation is held to: its gradients against central differences in double precision, and the WebAssembly
// kernels against the plain twin. What the operation computes is held to PyTorch; see check-golden.ts.
import { expect } from 'vitest';
import type { Floats } from '../../../src/engine/floats.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { createRandom } from '../../../src/engine/random.ts';
import type { Program } from '../../../src/engine/tape/program.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { type CompileTape, exact } from './exact.ts';

const simd = await loadKernels('wasm-simd');

/** A network with one number at its end. Inputs that ask for a gradient are checked like weights. */
export interface OpCase {
  readonly inputs: readonly Tensor[];
  readonly loss: Tensor;
  readonly outputs?: readonly Tensor[];
}

/** The squared distance of an output to a target, by all inputs. */
export function against(tape: Tape, inputs: readonly Tensor[], output: Tensor): OpCase {
  const target = tape.input(output.shape);
  const loss = meanSquaredError(tape, output, target);
  return { inputs: [...inputs, target], loss, outputs: [output] };
}

export interface OpCheck {
  /** Numbers are drawn from a normal distribution of this width, ... */
  readonly spread?: number;
  /** ... and changed by this, e.g. to keep them off a kink. */
  readonly adjust?: (value: number) => number;
  readonly seed?: number;
  /** Single precision against double, relative to the largest element. */
  readonly tolerance?: number;
  /** Arrays whose largest element is less are held to the tolerance of this: what should be 0 is rounding. */
  readonly floor?: number;
}

/** Builds the same network twice, so that both engines run what `build` records. */
export function checkOp(build: (tape: Tape) => OpCase, check: OpCheck = {}): void {
  const slow = prepare(build, exact, check);
  expectCentralDifferences(slow);
  const fast = prepare(build, simd.compile, check);
  for (const built of [slow, fast]) {
    built.program.forward();
    built.program.backward();
  }
  const { tolerance = 2e-5, floor = 1e-6 } = check;
  for (const [i, wanted] of slow.seen().entries()) {
    expect(relativeError(fast.seen()[i] as Floats, wanted, floor)).toBeLessThan(tolerance);
  }
}

interface Built {
  readonly program: Program<Floats>;
  readonly loss: Floats;
  /** Each array that is free, with its gradient. */
  readonly free: readonly (readonly [values: Floats, gradient: Floats])[];
  seen(): readonly Floats[];
}

function prepare(
  build: (tape: Tape) => OpCase,
  compileTape: CompileTape,
  { seed = 1, spread = 1, adjust = (value) => value }: OpCheck,
): Built {
  const tape = new Tape();
  const { inputs, loss, outputs = [] } = build(tape);
  const program = compileTape(tape, { loss, outputs: [...outputs, ...inputs] });
  const random = createRandom(seed);
  const draw = (cells: Floats): void => {
    for (let i = 0; i < cells.length; i++) cells[i] = adjust(spread * random.normal());
  };
  for (const input of inputs) draw(program.valuesOf(input));
  for (const { values } of program.parameters) draw(values);
  const asked = inputs.filter(({ storage }) => storage.kind === 'input' && storage.wantsGradient);
  const free = [
    ...asked.map((input) => [program.valuesOf(input), program.gradientOf(input)] as const),
    ...program.parameters.map(({ values, gradient }) => [values, gradient] as const),
  ];
  const results = [loss, ...outputs].map((tensor) => program.valuesOf(tensor));
  return {
    program,
    loss: program.valuesOf(loss),
    free,
    seen: () => [...results, ...free.map(([, gradient]) => gradient)],
  };
}

/** Every element of every free array, or some 60 of them evenly spread. */
function expectCentralDifferences({ program, loss, free }: Built): void {
  expect(free.length).toBeGreaterThan(0);
  program.forward();
  program.backward();
  const found = free.map(([, gradient]) => gradient.slice());
  const lossAt = (): number => {
    program.forward();
    return loss[0] as number;
  };
  for (const [k, [values]] of free.entries()) {
    const gradient = found[k] as Floats;
    const scale = Math.max(1e-3, ...gradient.map(Math.abs));
    const stride = Math.max(1, Math.floor(values.length / 60));
    for (let i = 0; i < values.length; i += stride) {
      const kept = values[i] as number;
      const step = 1e-5 * Math.max(1, Math.abs(kept));
      values[i] = kept + step;
      const above = lossAt();
      values[i] = kept - step;
      const below = lossAt();
      values[i] = kept;
      const numeric = (above - below) / (2 * step);
      expect(Math.abs(numeric - (gradient[i] as number)) / scale).toBeLessThan(1e-6);
    }
  }
}

/** Largest difference, by the largest element, or by `floor` if that is more. */
export function relativeError(found: Floats, wanted: Floats, floor = 1e-6): number {
  const scale = Math.max(floor, ...wanted.map(Math.abs));
  return Math.max(0, ...wanted.map((value, i) => Math.abs(value - (found[i] as number)))) / scale;
}
