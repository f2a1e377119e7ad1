// Vectors between layers, turned: a full rotation changes nothing, and what is left out is what the windows have least of.
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
import { detectors } from '../../../../src/detectors/index.ts';
import { encoderBody, forecastNetwork } from '../../../../src/detectors/networks/forecast.ts';
import { trainers } from '../../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import { product } from '../../../../src/engine/linear-algebra/blocks.ts';
import { type Dense, dense, transposed } from '../../../../src/engine/linear-algebra/dense.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import { leanModel, numbersIn } from '../../../../src/lab/compression/lean-model.ts';
import { matrixOf } from '../../../../src/lab/compression/modegpt/layer-weights.ts';
import { turnedNetwork } from '../../../../src/lab/compression/modegpt/rotation.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';
import type { Model } from '../../../../src/models/model.ts';
import { restoreWeights } from '../../../../src/models/network-weights.ts';
import { scoreSeries } from '../../../detectors/training/score-series.ts';
import { toySeries } from '../../../detectors/training/toy-series.ts';

const kernels = await loadKernels();
const { signal } = new AbortController();
const context = { kernels, seed: 3, intervalMs: 1000, signal, progress: () => undefined };
const series = toySeries({ rows: 500, seed: 1 });
const unseen = toySeries({ rows: 200, seed: 2 });
const scaled = { op: 'attention', form: 'scaled' } as const;
const multiplicative = { op: 'attention', form: 'multiplicative' } as const;
const HIDDEN = 12;
const layer = { hidden: HIDDEN, heads: [scaled, multiplicative, scaled], feedForward: [16, 10] };
const POINT: DesignPoint = { layers: [layer, layer] };
const [ROWS, PATCH, WIDTH] = [12, 3, 2];
const NAME = 'net';

type Tensors = Model['tensors'];

function record(point: DesignPoint, batch: number) {
  const design = { point, patch: PATCH, rows: ROWS, horizon: 1 };
  return forecastNetwork(encoderBody(design), design, WIDTH, batch);
}

/** Of a network in which nothing is 0 or 1 by chance, gains and biases of norms included. */
function drawnTensors(): Tensors {
  const random = createRandom(5);
  const { tape } = record(POINT, 1);
  const program = kernels.compile(tape, {});
  return Object.fromEntries(
    program.parameters.map(({ name, shape, values }) => [
      `${NAME}.${name}`,
      { shape, data: Float32Array.from(values, () => 0.4 * random.normal() + 0.1) },
    ]),
  );
}

/** Forecasts of eight drawn windows. */
function forecasts(point: DesignPoint, tensors: Tensors): Float32Array {
  const { tape, input, output } = record(point, 8);
  const program = kernels.compile(tape, { outputs: [output] });
  restoreWeights(program.parameters, tensors, NAME);
  const random = createRandom(6);
  program.valuesOf(input).set(program.valuesOf(input).map(() => random.normal()));
  program.forward();
  return program.valuesOf(output).slice();
}

function drawn(rows: number, columns: number, seed: number): Dense {
  const random = createRandom(seed);
  return dense(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

/** What the network writes between layers lies in the span of a few rows (k, h). */
function within(tensors: Tensors, rows: Dense): Tensors {
  const written = /embedding|heads\.output|feed\.output/;
  const entries = Object.entries(tensors).map(([name, tensor]) => {
    if (!written.test(name)) return [name, tensor] as const;
    const whole = matrixOf(tensors, name, tensor.data.length / HIDDEN, HIDDEN);
    const { values } = product(product(whole, transposed(rows)), rows);
    return [name, { ...tensor, data: Float32Array.from(values, (value) => 0.1 * value) }] as const;
  });
  return Object.fromEntries(entries);
}

function furthest(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}

describe('a network whose vectors between layers are turned', () => {
  const network = { name: NAME, point: POINT, record };

  it('computes what it did when no direction is left out, whatever they are', () => {
    const tensors = drawnTensors();
    const turned = turnedNetwork(network, tensors, momentsOf(drawn(40, HIDDEN, 7)), HIDDEN);
    const [before, after] = [forecasts(POINT, tensors), forecasts(turned.point, turned.tensors)];
    expect(furthest(before, new Float32Array(before.length))).toBeGreaterThan(0.5);
    expect(furthest(before, after)).toBeLessThan(2e-5);
    expect(turned.tensors).not.toEqual(tensors);
  });

  it('loses nothing with as many columns as there are directions, and one for the mean', () => {
    const rows = drawn(4, HIDDEN, 8);
    const tensors = within(drawnTensors(), rows);
    const moments = momentsOf(rows);
    const exact = turnedNetwork(network, tensors, moments, 5);
    expect(exact.error).toBeLessThan(1e-12);
    const before = forecasts(POINT, tensors);
    expect(furthest(before, forecasts(exact.point, exact.tensors))).toBeLessThan(1e-4);
    const short = turnedNetwork(network, tensors, moments, 4);
    expect(short.error).toBeGreaterThan(1e-4);
    expect(furthest(before, forecasts(short.point, short.tensors))).toBeGreaterThan(1e-3);
  });
});

/** (h, h) of the rows without their means, which a norm takes away. */
function momentsOf({ rows, columns, values }: Dense): Dense {
  const centred = dense(rows, columns, values.slice());
  for (let at = 0; at < values.length; at += columns) {
    const row = centred.values.subarray(at, at + columns);
    const mean = row.reduce((sum, value) => sum + value, 0) / columns;
    for (let i = 0; i < columns; i++) row[i] = (row[i] as number) - mean;
  }
  return product(transposed(centred), centred);
}

function trained(kind: string, options: Record<string, unknown>): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new RangeError(kind);
  const quick = { rows: ROWS, patch: PATCH, steps: 120, batch: 16, point: POINT };
  return trainer.train(series, trainer.options.parse({ ...quick, ...options }), context);
}

const lean = (model: Model, ratio: number) =>
  leanModel(model, series, { method: 'rotation', options: { ratio, round: 1 } }, context);

function expectedBy(model: Model): readonly number[] {
  const detector = detectors.get(model.kind)?.load(model, kernels);
  const scores = detector ? scoreSeries(detector, model, unseen) : [];
  return scores.flatMap((score) => [...(score?.expected ?? [])]);
}

describe.each(['forecaster', 'encoder'])('a %s compressed by rotation', (kind) => {
  it('is what it was at ratio 0, and narrower and less exact with each ratio', async () => {
    const parent = await trained(kind, {});
    const same = await lean(parent, 0);
    expect(same.model.tensors).toEqual(parent.tensors);
    expect(same.report.removed).toBe(0);
    const some = await lean(parent, 0.25);
    const much = await lean(parent, 0.6);
    const [before, little, more] = [parent, some.model, much.model].map(expectedBy) as number[][];
    const offBy = (found: readonly number[] = []) =>
      found.reduce((sum, value, i) => sum + Math.abs(value - (before?.[i] as number)), 0);
    expect(before?.length).toBeGreaterThan(100);
    expect(offBy(little)).toBeGreaterThan(0);
    expect(offBy(little)).toBeLessThan(offBy(more));
    expect(some.report.parts).toMatchObject([{ name: `${kind}.layers`, before: 12, after: 9 }]);
    expect(some.report.parts[0]?.error).toBeLessThan(much.report.parts[0]?.error as number);
    expect(numbersIn(some.model)).toBeLessThan(numbersIn(parent));
    expect(numbersIn(much.model)).toBeLessThan(numbersIn(some.model));
  });
});

describe('rotation', () => {
  it.each([
    [
      'a head of transform mixes their columns as they are',
      { point: { layers: [{ ...layer, heads: [scaled, { op: 'transform', basis: 'dct' }] }] } },
    ],
    ['its layers have several widths', { point: { layers: [layer, { ...layer, hidden: 15 }] } }],
    ['the heads of dynamo read the last of them', { steps: 30, dynamo: {} }],
  ])('refuses a network because %s', async (why, options) => {
    const parent = await trained('forecaster', { steps: 1, ...options });
    await expect(lean(parent, 0.5)).rejects.toThrow(ConfigError);
    await expect(lean(parent, 0.5)).rejects.toThrow(
      `the vectors between the layers of 'forecaster' cannot be turned, because ${why}: compress it with modegpt`,
    );
  });
});
