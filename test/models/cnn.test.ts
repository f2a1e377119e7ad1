import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainTape } from '../../src/engine/kernels/plain/tape.ts';
import { meanSquaredError } from '../../src/engine/ops/losses.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { TapeEngine } from '../../src/engine/tape/kernels.ts';
import { compile } from '../../src/engine/tape/program.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import { cnnMacs, cnnWidth, convolve } from '../../src/models/cnn.ts';
import { type CnnPoint, POOLINGS, rowsOfCells } from '../../src/models/cnn-design.ts';
import { OPERATIONS, operationOf } from '../../src/models/cnn-ops.ts';
import { initialiseNetwork, norm, project } from '../../src/models/layers.ts';
import { cell, points } from './cnn-points.ts';
import { countingEngine } from './counting-engine.ts';

function built(point: CnnPoint, shape: readonly [number, number, number], engine = doubles()) {
  const tape = new Tape();
  const input = tape.input(shape);
  const output = convolve(tape, point, input);
  const program = compile(tape, engine, { outputs: [output] });
  initialiseNetwork(program.parameters, createRandom(3));
  const x = program.valuesOf(input);
  const random = createRandom(5);
  for (let i = 0; i < x.length; i += 1) x[i] = random.normal();
  return { program, x, output, y: program.valuesOf(output), forward: program.forward };
}

/** Parameters that `isZero` names are 0. */
function run(point: CnnPoint, isZero: (name: string) => boolean = () => false, rows = 6) {
  const made = built(point, [1, rows, 2]);
  for (const { name, values } of made.program.parameters) if (isZero(name)) values.fill(0);
  made.forward();
  return made;
}

const doubles = (): TapeEngine<Float64Array> => plainTape(Float64Array);

function withoutHiding({ cells }: CnnPoint): CnnPoint {
  return {
    cells: cells.map((one) => ({
      ...one,
      activation: 'silu',
      vertices: one.vertices.map((vertex) =>
        vertex.operation.op === 'pool'
          ? { ...vertex, operation: { op: 'pool', of: 'mean' } }
          : vertex,
      ),
    })),
  };
}

describe('an operation', () => {
  it.each(OPERATIONS)('says what the channels of its tensors are: $op', (operation) => {
    const { apply, tensors, widens } = operationOf(operation);
    const [from, to] = [4, widens ? 6 : 4];
    const tape = new Tape();
    const output = apply(tape, tape.input([1, 6, from]), operation, { name: 'v', channels: to });
    const { parameters } = compile(tape, doubles(), { outputs: [output] });
    const { readers, taps, makers } = tensors;
    expect(parameters.map(({ name }) => name).sort()).toEqual(
      [...new Set([...readers, ...taps, ...makers])].map((name) => `v.${name}`).sort(),
    );
    const sizes = (names: readonly string[], axis: number) =>
      names.map((own) => parameters.find(({ name }) => name === `v.${own}`)?.shape.at(axis));
    expect(sizes(readers, -2)).toEqual(readers.map(() => from));
    expect(sizes(taps, -1)).toEqual(taps.map(() => from));
    expect(sizes(makers, -1)).toEqual(makers.map(() => to));
  });
});

describe('convolutional networks of a design point', () => {
  it('halve the rows from cell to cell, at any graph and length', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 18, max: 25 }), (point, rows) => {
        const { output, y, forward } = built(point, [2, rows, 3]);
        forward();
        const cells = point.cells.length;
        expect(output.shape).toEqual([2, Math.floor(rows / 2 ** (cells - 1)), cnnWidth(point)]);
        expect(y.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('let no row see what follows it', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 18, max: 21 }), (point, rows) => {
        const { x, y, forward } = built(point, [1, rows, 2]);
        forward();
        const last = y.length - cnnWidth(point);
        const before = y.slice(0, last);
        for (const i of [x.length - 1, x.length - 2]) x[i] = (x[i] as number) + 3;
        forward();
        expect([...y.subarray(0, last)]).toEqual([...before]);
      }),
      { numRuns: 40 },
    );
  });

  it('let the last row see the newest, where no rectifier and no maximum hides it', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 18, max: 21 }), (point, rows) => {
        const { x, y, forward } = built(withoutHiding(point), [1, rows, 2]);
        forward();
        const last = y.length - cnnWidth(point);
        const before = y.slice(last);
        for (const i of [x.length - 1, x.length - 2]) x[i] = (x[i] as number) + 3;
        forward();
        expect([...y.subarray(last)]).not.toEqual([...before]);
      }),
      { numRuns: 40 },
    );
  });

  it('reach back as far as the spans of their vertices, and no farther', () => {
    for (const operation of OPERATIONS) {
      const point = { cells: [cell({ vertices: [{ operation, inputs: [0] }], output: [1] })] };
      const span = operationOf(operation).span(operation);
      const { x, y, forward } = built(point, [1, 12, 2]);
      forward();
      const before = y.slice(-8);
      const isSeen = (row: number): boolean => {
        const own = x[2 * row] as number;
        // Up and down, for a maximum may lie elsewhere.
        const seen = [9, -9].some((change) => {
          x[2 * row] = own + change;
          forward();
          return y.slice(-8).some((value, i) => value !== before[i]);
        });
        x[2 * row] = own;
        return seen;
      };
      expect(isSeen(12 - span)).toBe(true);
      if (span < 12) expect(isSeen(11 - span)).toBe(false);
    }
  });

  it('multiply as often as is said of them, at any pooling, and where kernels are longer than windows', () => {
    fc.assert(
      fc.property(
        points,
        fc.constantFrom(...POOLINGS),
        fc.integer({ min: 2, max: 25 }),
        (one, pooling, rows) => {
          const { engine, macs } = countingEngine();
          const point = { ...one, pooling };
          built(point, [2, rows, 3], engine).forward();
          expect(macs()).toBe(2 * cnnMacs(point, { rows, width: 3 }));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('end in the newest row, in the mean of all, or in what the newest row attends to', () => {
    const { y } = run({ cells: [cell()] });
    const rows = Array.from({ length: 6 }, (_, row) => [...y.subarray(8 * row, 8 * row + 8)]);
    const mean = rows[0]?.map((_, c) => rows.reduce((sum, row) => sum + (row[c] ?? 0), 0) / 6);
    const asMean = run({ cells: [cell()], pooling: 'mean' });
    expect(asMean.output.shape).toEqual([1, 1, 8]);
    for (const [c, value] of asMean.y.entries()) expect(value).toBeCloseTo(mean?.[c] ?? 0, 12);
    // Queries of zeros attend to all rows alike.
    const asAttention = run({ cells: [cell()], pooling: 'attention' }, (name) =>
      name.startsWith('pooling.query'),
    );
    expect(asAttention.output.shape).toEqual([1, 1, 8]);
    for (const [c, value] of asAttention.y.entries()) {
      expect(value).toBeCloseTo(mean?.[c] ?? 0, 12);
    }
  });

  it('begin each cell with as many rows as its stride says', () => {
    const strided = { cells: [cell({ stride: 3 }), cell({ stride: 1 }), cell({ stride: 2 })] };
    expect(run(strided, () => false, 20).output.shape).toEqual([1, 3, 8]);
    expect(rowsOfCells(strided, 20)).toEqual([6, 6, 3]);
  });

  it('pass the residual as it is, where nothing is added to it', () => {
    const added = cell({ vertices: [{ operation: { op: 'skip' }, inputs: [0] }], output: [0, 1] });
    const { program, x, y } = built({ cells: [added] }, [1, 4, 2]);
    const alone = new Tape();
    const input = alone.input([1, 4, 2]);
    const output = norm(alone, project(alone, input, 8, 'cell1.input'), 'norm');
    const residual = compile(alone, doubles(), { outputs: [output] });
    for (const { name, values } of residual.parameters) {
      values.set(program.parameters.find((own) => own.name === name)?.values ?? []);
    }
    residual.valuesOf(input).set(x);
    residual.forward();
    program.forward();
    expect(y).not.toEqual(residual.valuesOf(output));
    for (const { name, values } of program.parameters) {
      if (name.startsWith('cell1.vertex1')) values.fill(0);
    }
    program.forward();
    expect(y).toEqual(residual.valuesOf(output));
  });

  it('have gradients that agree with central differences', () => {
    const vertices = OPERATIONS.slice(3).map((operation, i) => ({ operation, inputs: [i] }));
    const first = cell({ channels: 4, activation: 'silu', vertices, output: [0, 5] });
    const raised = cell({
      channels: 5,
      vertices: [
        { operation: { op: 'convolution', kernel: 3 }, inputs: [0], channels: 7 },
        { operation: { op: 'pool', of: 'mean' }, inputs: [0] },
        { operation: { op: 'skip' }, inputs: [0, 1, 2] },
      ],
      output: [0, 2, 3],
    });
    const tape = new Tape();
    const input = tape.input([2, 7, 2]);
    const point = { cells: [first, raised], join: 'concatenate', pooling: 'attention' } as const;
    const output = convolve(tape, { ...point, cells: [...point.cells] }, input);
    const target = tape.input(output.shape);
    const loss = meanSquaredError(tape, output, target);
    const program = compile(tape, doubles(), { loss });
    initialiseNetwork(program.parameters, createRandom(2));
    const random = createRandom(8);
    for (const tensor of [input, target]) {
      const values = program.valuesOf(tensor);
      for (let i = 0; i < values.length; i += 1) values[i] = random.normal();
    }
    program.forward();
    program.backward();
    const lossAt = (values: Float64Array, i: number, by: number): number => {
      const own = values[i] as number;
      values[i] = own + by;
      program.forward();
      values[i] = own;
      return program.valuesOf(loss)[0] as number;
    };
    for (const { name, values, gradient } of program.parameters) {
      const i = values.length >> 1;
      const slope = (lossAt(values, i, 1e-5) - lossAt(values, i, -1e-5)) / 2e-5;
      expect(Math.abs(slope - (gradient[i] as number)), name).toBeLessThan(1e-6);
    }
  });
});
