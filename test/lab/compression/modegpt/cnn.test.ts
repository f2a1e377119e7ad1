// Channels of convolutional networks of any graph that are left out.
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
import { DEFAULT_POINT } from '../../../../src/detectors/cnn/train.ts';
import { detectors } from '../../../../src/detectors/index.ts';
import { cnnBody, forecastNetwork } from '../../../../src/detectors/networks/forecast.ts';
import { trainers } from '../../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import { leanModel, numbersIn } from '../../../../src/lab/compression/lean-model.ts';
import { channelGroups } from '../../../../src/lab/compression/modegpt/channel-groups.ts';
import { compressedCnn, numbersLeft } from '../../../../src/lab/compression/modegpt/cnn.ts';
import { sampleCnns } from '../../../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../../../src/lab/search/cnn-space/space.ts';
import { type CnnPoint, columnsOf } from '../../../../src/models/cnn-design.ts';
import type { ModelTensor } from '../../../../src/models/model.ts';
import { decodeModel, encodeModel } from '../../../../src/models/model-file.ts';
import { scoreSeries } from '../../../detectors/training/score-series.ts';
import { toySeries } from '../../../detectors/training/toy-series.ts';
import { randomCnn, SHAPE } from '../../../models/transfer/random-cnn.ts';

const kernels = await loadKernels();
const { signal } = new AbortController();
const context = { kernels, signal, progress: () => undefined };
const uniform = { round: 1, allocation: 'uniform' } as const;

type Tensors = Record<string, ModelTensor>;

/** With random windows. */
function networkOf(point: CnnPoint) {
  return {
    ...{ name: 'cnn', point },
    record: (own: CnnPoint, batch: number) =>
      forecastNetwork(cnnBody({ point: own }), { ...SHAPE, horizon: 1 }, SHAPE.width, batch),
    inputs: {
      count: 40,
      fill(place: number, into: Float32Array) {
        const random = createRandom(100 + place);
        for (const i of into.keys()) into[i] = random.normal();
      },
    },
  };
}

async function compressed(point: CnnPoint, tensors: Tensors, ratio: number, changed: object = {}) {
  const named = Object.entries(tensors).map(([name, tensor]) => [`cnn.${name}`, tensor]);
  const model = { design: { cnn: { point } }, tensors: Object.fromEntries(named) };
  const lean = await compressedCnn(
    networkOf(point),
    model,
    { ...uniform, ratio, ...changed },
    context,
  );
  const narrow = (lean.design['cnn'] as { point: CnnPoint }).point;
  const left = Object.entries(lean.tensors).map(([name, tensor]) => [name.slice(4), tensor]);
  return {
    ...{ report: lean.report, point: narrow },
    network: randomCnn(narrow, { seed: 9, tensors: Object.fromEntries(left) }),
  };
}

/** Each second half of the channels of a group is made as the first half. */
function doubled(point: CnnPoint, tensors: Tensors): Tensors {
  const changed = structuredClone(tensors);
  for (const { makers, columns } of channelGroups(point).groups) {
    for (const { tensor, starts } of makers) {
      for (const start of starts) doubleColumns(changed[tensor] as ModelTensor, start, columns);
    }
  }
  return changed;
}

/** Share of the parameters that half the channels of each group have. */
function ofHalves({ point, tensors }: { readonly point: CnnPoint; readonly tensors: Tensors }) {
  const { groups } = channelGroups(point);
  const named = Object.entries(tensors).map(([name, tensor]) => [`cnn.${name}`, tensor]);
  const [all, half, none] = [1, 0.5, 0].map((share) =>
    numbersLeft(
      groups,
      Object.fromEntries(named),
      'cnn',
      groups.map(({ columns }) => share * columns),
    ),
  ) as [number, number, number];
  return (all - half) / (all - none);
}

function doubleColumns({ data, shape }: ModelTensor, start: number, columns: number): void {
  const width = shape.at(-1) ?? 1;
  for (const i of data.keys()) {
    const channel = (i % width) - start;
    if (channel >= columns / 2 && channel < columns) data[i] = data[i - columns / 2] as number;
  }
}

const points = sampleCnns(readCnnSpace('full'), 60, 4)
  .flatMap((point): CnnPoint[] => [point, { ...point, norm: 'none' }])
  .filter((point) => channelGroups(point).groups.length > 0)
  .slice(0, 16);

const cell = (channels: number, output: number[], ...ops: [object, number[]][]) =>
  ({
    ...{ channels, activation: 'silu', output },
    vertices: ops.map(([operation, inputs]) => ({ operation, inputs })),
  }) as CnnPoint['cells'][0];
const separable = { op: 'separable' };
const conv = { op: 'convolution', kernel: 3 };
const pool = { op: 'pool', of: 'max' };
const skip = { op: 'skip' };

/** Readers of every kind: taps of single channels, several in one, side by side over a stride, residuals. */
const MIXED: readonly CnnPoint[] = [
  {
    cells: [
      cell(8, [0, 2, 3], [conv, [0]], [separable, [0, 1]], [pool, [1]]),
      cell(8, [1], [conv, [0]]),
    ],
    ...{ join: 'concatenate', norm: 'none' },
  },
  { cells: [cell(8, [2], [skip, [0]], [separable, [1]]), cell(8, [1], [conv, [0]])] },
  { cells: [cell(8, [0, 1], [skip, [0]]), cell(16, [0, 1], [conv, [0]])], norm: 'none' },
];

describe('channels that a convolutional network can spare', () => {
  it('with all of them the network is what it was, number by number', async () => {
    expect(points.length).toBe(16);
    for (const point of points.slice(0, 6)) {
      const whole = randomCnn(point, { seed: 1 });
      const { network, report, point: same } = await compressed(point, whole.tensors, 0);
      expect(network.tensors).toEqual(whole.tensors);
      const made = ({ cells, join = 'sum' }: CnnPoint) => cells.map((one) => columnsOf(one, join));
      expect(made(same)).toEqual(made(point));
      expect(report).toMatchObject({ removed: 0, parts: [] });
    }
  });

  it('a duplicate costs nothing, in any graph', async () => {
    let narrowed = 0;
    for (const point of [...MIXED, ...points]) {
      const { groups } = channelGroups(point);
      const whole = randomCnn(point, {
        seed: 1,
        tensors: doubled(point, randomCnn(point, { seed: 1 }).tensors),
      });
      const { network, report } = await compressed(point, whole.tensors, ofHalves(whole));
      expect(report.parts).toHaveLength(groups.length);
      for (const { before, after, error } of report.parts) {
        expect(after).toBe(before / 2);
        expect(error).toBeLessThan(1e-6);
        narrowed += 1;
      }
      const [was, is] = [whole.scored(), network.scored()];
      const most = Math.max(...was.map(Math.abs));
      is.forEach((value, i) => {
        expect(Math.abs(value - (was[i] ?? 0)), JSON.stringify(point)).toBeLessThan(2e-3 * most);
      });
    }
    expect(narrowed).toBeGreaterThan(points.length);
  });

  it.each([0.1, 0.3, 0.5, 0.8])(
    'are removed for %f of the parameters of their weights (#23)',
    async (ratio) => {
      const chain = [1, 2, 3, 4].map((_, i): [object, number[]] => [conv, [i]]);
      const point: CnnPoint = {
        cells: [cell(32, [4], ...chain), cell(32, [4], ...chain)],
        norm: 'none',
      };
      const whole = randomCnn(point, { seed: 1 });
      const { network, report } = await compressed(point, whole.tensors, ratio);
      const slices = channelGroups(point).groups.flatMap(({ makers, readers }) => [
        ...makers,
        ...readers,
      ]);
      const touched = Object.entries(whole.tensors).filter(([name]) =>
        slices.some(({ tensor }) => tensor === name),
      );
      const gone = numbersIn(whole) - numbersIn(network);
      expect(report.removed).toBeCloseTo(
        gone / numbersIn({ tensors: Object.fromEntries(touched) }),
        9,
      );
      // A channel of 32 in each of 9 groups is a tenth of what is asked for, or less.
      expect(Math.abs(report.removed - ratio)).toBeLessThan(0.02);
    },
  );

  it('are none behind a norm or where a projection raises them, and the report says so', async () => {
    const [, chain] = MIXED;
    expect(channelGroups(chain as CnnPoint)).toMatchObject({
      groups: [{ name: 'cell1.input' }, { name: 'cell1.vertex1' }, { name: 'cell2.input' }],
      fixed: [
        'cell1.vertex2: the norm behind separable reads the mean of all its channels',
        'cell2.vertex1: the norm behind convolution-3 reads the mean of all its channels',
      ],
    });
    const raised = { cells: [cell(8, [0, 1], [conv, [0]]), cell(8, [1], [conv, [0]])] };
    const wide = structuredClone(raised) as CnnPoint;
    Object.assign(wide.cells[0]?.vertices[0] ?? {}, { channels: 16 });
    expect(channelGroups({ ...wide, norm: 'none' }).fixed).toEqual([
      'cell1.input: a projection raises what is added to it',
      'cell2.vertex1: the norm at the end of the network reads the mean of all channels',
    ]);
    const whole = randomCnn(DEFAULT_POINT, { seed: 1 });
    const failing = compressed(DEFAULT_POINT, whole.tensors, 0.3);
    await expect(failing).rejects.toBeInstanceOf(ConfigError);
    await expect(failing).rejects.toThrow(
      /^no channels of this network can be left out \(cnn.cell1.input: the norm behind dilated .*\): take --sparsity, which/,
    );
  });

  it('lose less where the output would change much, and more where it would change little', async () => {
    const [, chain] = MIXED as [CnnPoint, CnnPoint];
    const whole = randomCnn(chain, {
      seed: 1,
      of: (name) => (name === 'cell2.input.weights' ? 1e-3 : undefined),
    });
    const { report } = await compressed(chain, whole.tensors, 0.4, { allocation: 'sensitivity' });
    const keptIn =
      ({ parts }: typeof report) =>
      (part: string) =>
        parts.find(({ name }) => name === part)?.after ?? 8;
    const even = await compressed(chain, whole.tensors, 0.4);
    const [kept, alike] = [keptIn(report), keptIn(even.report)];
    expect(['cnn.cell1.input', 'cnn.cell1.vertex1', 'cnn.cell2.input'].map(alike)).toEqual([
      5, 5, 5,
    ]);
    // All channels of the second input are one sum but for a constant: each stands for the others.
    expect(kept('cnn.cell2.input')).toBeLessThan(5);
    expect(kept('cnn.cell1.vertex1')).toBeGreaterThan(5);
  });

  it('leave a model that scores, in its file, with fewer numbers', async () => {
    const trainer = trainers.get('cnn');
    const series = toySeries({ rows: 600, seed: 1 });
    const point = { ...MIXED[0], cells: MIXED[0]?.cells };
    const options = trainer?.options.parse({ point, rows: 16, steps: 60, batch: 16 });
    const training = { ...context, seed: 3, intervalMs: 1000 };
    const model = await trainer?.train(series, options, training);
    if (!model) throw new Error('no trainer');
    const choice = { method: 'modegpt', options: { ratio: 0.3, round: 1 } };
    const { model: lean, report } = await leanModel(model, series, choice, context);
    expect(report.removed).toBeGreaterThan(0.2);
    expect(numbersIn(lean)).toBeLessThan(numbersIn(model));
    const read = await decodeModel(await encodeModel(lean), 'lean');
    const detector = detectors.get('cnn')?.load(read, kernels);
    if (!detector) throw new Error('no detector');
    const scores = scoreSeries(detector, read, toySeries({ rows: 100, seed: 2 }));
    expect(scores.filter((score) => Number.isFinite(score?.value)).length).toBeGreaterThan(50);
    const again = await leanModel(model, series, choice, context);
    expect(again.model.id).toBe(lean.id);
    await expect(
      leanModel(model, series, { method: 'svd', options: { ratio: 0.3 } }, context),
    ).rejects.toThrow(/^a model of 'cnn' cannot be compressed by svd, which knows forecaster/);
  });
});
