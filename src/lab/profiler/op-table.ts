// Micro-benchmarks of each operation of a head and of a cell, and of a projection, on a few shapes.
import { z } from 'zod';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import { Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';
import { nameOfOperation, operationNames } from '../../models/cnn-design.ts';
import { type Operation, operationOf } from '../../models/cnn-ops.ts';
import { HEADS, type HeadGroup, nameOf } from '../../models/design-point.ts';
import { opOf } from '../../models/encoder-ops.ts';
import { initialiseNetwork, project } from '../../models/layers.ts';
import { cnnFamily, type FamilyOperation } from '../../models/network-family.ts';
import type { Yardstick } from './timing.ts';
import { type TimingOptions, timed, warmUp } from './timing.ts';
import { PROJECTION, trafficOf } from './work.ts';

export const opTimingSchema = z.strictObject({
  /** `nameOf` the head, the name of the operation of a cell, or `projection`. */
  op: z.string(),
  /** The operation without its parameter: all of a family have one rate. */
  family: z.string(),
  /** P and h: patches and columns in. */
  rows: z.int().positive(),
  hidden: z.int().positive(),
  macs: z.int().positive(),
  bytes: z.int().positive(),
  calls: z.int().positive(),
  p50S: z.number().positive(),
  p95S: z.number().positive(),
});

export type OpTiming = z.infer<typeof opTimingSchema>;

/** Four seconds for all operations: each takes microseconds. */
export const BRISK: TimingOptions = { warmUpRuns: 200, warmUpS: 0.03, leastRuns: 200, leastS: 0.1 };

/** Patches and columns: small, long, wide, both. Each has enough patches for the longest kernel. */
const SHAPES = [
  { rows: 16, hidden: 16 },
  { rows: 64, hidden: 16 },
  { rows: 16, hidden: 64 },
  { rows: 64, hidden: 64 },
] as const;

/** Heads of a layer, each with half of its columns. */
const COUNT = 2;

const SEED = 1;

/** Rejects with the signal's reason once it is aborted. */
export async function measureOps(
  kernels: Kernels,
  signal: AbortSignal,
  timing: TimingOptions = BRISK,
  yardstick?: Yardstick,
): Promise<readonly OpTiming[]> {
  const found: OpTiming[] = [];
  for (const { rows, hidden, ...op } of benchmarks()) {
    const tape = new Tape();
    const input = tape.input([1, rows, hidden]);
    const run = runOf(kernels, tape, input, op.record(tape, input));
    await warmUp(run, timing, signal);
    const { p50S, p95S } = await timed(run, timing, signal, yardstick);
    const { bytes, calls } = trafficOf(tape);
    const { name, family, macs } = op;
    found.push({ op: name, family, rows, hidden, macs, bytes, calls, p50S, p95S });
  }
  return found;
}

interface Benchmark {
  readonly name: string;
  readonly family: string;
  readonly rows: number;
  readonly hidden: number;
  readonly macs: number;
  record(tape: Tape, x: Tensor): Tensor;
}

function benchmarks(): readonly Benchmark[] {
  return SHAPES.flatMap(({ rows, hidden }) => {
    const width = hidden / COUNT;
    const heads = HEADS.map((head) => {
      const group: HeadGroup = [head, ...Array.from({ length: COUNT - 1 }, () => head)];
      return {
        name: nameOf(head),
        family: head.op,
        rows,
        hidden,
        macs: opOf(head).macs(rows, hidden, group, width),
        record: (tape: Tape, x: Tensor) => opOf(head).mix(tape, x, group, { width, name: 'op' }),
      };
    });
    const projection = {
      name: PROJECTION,
      family: PROJECTION,
      rows,
      hidden,
      macs: rows * hidden * hidden,
      record: (tape: Tape, x: Tensor) => project(tape, x, hidden, 'op'),
    };
    return [...heads, ...vertices(rows, hidden), projection];
  });
}

/** Operations of cells that stand for their rates: the shortest and the longest kernel, and what is separable. */
const VERTICES: readonly Operation[] = [
  { op: 'convolution', kernel: 3 },
  { op: 'convolution', kernel: 9 },
  { op: 'separable' },
];

function vertices(rows: number, hidden: number): readonly Benchmark[] {
  return VERTICES.map((operation) => {
    const place = operationNames.indexOf(nameOfOperation(operation));
    const { name, rate } = cnnFamily.operations[place] as FamilyOperation;
    const op = operationOf(operation);
    return {
      ...{ name, family: rate, rows, hidden },
      macs: op.macs(rows, { from: hidden, to: hidden }, operation),
      record: (tape: Tape, x: Tensor) =>
        op.apply(tape, x, operation, { name: 'op', channels: hidden }),
    };
  });
}

function runOf(kernels: Kernels, tape: Tape, input: Tensor, output: Tensor): () => void {
  const program = kernels.compile(tape, { outputs: [output] });
  const random = createRandom(SEED);
  initialiseNetwork(program.parameters, random);
  const x = program.valuesOf(input);
  for (let i = 0; i < x.length; i += 1) x[i] = random.normal();
  return program.forward;
}
