// The forecaster that skips work, with heads that have learnt nothing: what is used when does not depend on it.
import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../src/core/errors.ts';
import type { DynamoDesign, SpreadDesign } from '../../../src/detectors/dynamo/design.ts';
import { DynamoDistances } from '../../../src/detectors/dynamo/distances.ts';
import { stepHeads } from '../../../src/detectors/dynamo/step-forecast.ts';
import {
  encoderBody,
  ForecastRun,
  forecastNetwork,
} from '../../../src/detectors/networks/forecast.ts';
import { ForecastDistances } from '../../../src/detectors/networks/forecast-distances.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { initialiseNetwork } from '../../../src/models/layers.ts';
import type { ModelTensor } from '../../../src/models/model.ts';
import { savedWeights } from '../../../src/models/network-weights.ts';

const [ROWS, WIDTH, HEADS, HIDDEN, BINS] = [8, 3, 3, 8, 6];
const head = { op: 'attention', form: 'scaled' } as const;
const body = encoderBody({
  point: { layers: [{ hidden: HIDDEN, heads: [head, head], feedForward: [12] }] },
  patch: 2,
});
const forecastDesign = { rows: ROWS, horizon: 1, normalisation: 'level' } as const;
const tokens = {
  bins: BINS,
  topK: 3,
  alpha: 1,
  blur: true,
  otsu: true,
  confidence: 'joint',
} as const;
const SPREADS: Record<string, SpreadDesign> = {
  tokens: { variant: 'tokens', ...tokens },
  'tokens, the likeliest alone': { variant: 'tokens', ...tokens, confidence: 'top' },
  gaussian: { variant: 'gaussian', tolerance: 1 },
};
/** One a step, for the greatest surprisal and the mean alike. */
const guardsAt = (...levels: readonly number[]) =>
  levels.map((level) => ({ greatest: level, mean: level }));
const NEVER = guardsAt(1e9, 1e9, 1e9);

function tensorsOf(spread: SpreadDesign): Record<string, ModelTensor> {
  const random = createRandom(9);
  const base = forecastNetwork(body, forecastDesign, WIDTH, 1);
  const trained = plainKernels.compile(base.tape, { outputs: [base.output] });
  initialiseNetwork(trained.parameters, random);
  const tape = new Tape();
  const heads = stepHeads(tape, tape.input([1, HIDDEN]), { heads: HEADS, spread }, WIDTH);
  const added = plainKernels.compile(tape, { outputs: [heads.means, heads.spread] });
  initialiseNetwork(added.parameters, random);
  const filled = (shape: number[], value: (i: number) => number): ModelTensor => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => value(i));
    return { shape, data };
  };
  return {
    ...savedWeights(trained.parameters, 'f'),
    ...savedWeights(added.parameters, 'dynamo'),
    'dynamo.bins': filled([WIDTH, 2], (i) => (i % 2 === 0 ? -2 : 2)),
    'dynamo.cooccurrence': filled([WIDTH, BINS + 2, BINS + 2], () => 0.2 + 2 * random.uniform()),
    'dynamo.correlations': filled([WIDTH, HEADS, HEADS], (i) =>
      (i % (HEADS * HEADS)) % (HEADS + 1) === 0 ? 1 : 0.5,
    ),
    'dynamo.discounts': filled([HEADS, WIDTH], (i) => (i < WIDTH ? 1 : 0.5)),
  };
}

function modelOf(tensors: Record<string, ModelTensor>) {
  const channels = ['a', 'b', 'c'].map((id) => ({ id, unit: '' }));
  return { id: 'm', design: {}, channels, tensors };
}

const runOf = (tensors: Record<string, ModelTensor>) =>
  new ForecastRun('f', body, forecastDesign, modelOf(tensors), plainKernels);

function dynamoOf(spread: SpreadDesign, given: Partial<DynamoDesign>): DynamoDistances {
  const tensors = tensorsOf(spread);
  const design = { heads: HEADS, spread, epsB: 0, literal: false, guards: NEVER, ...given };
  return new DynamoDistances(runOf(tensors), design, modelOf(tensors), plainKernels);
}

function plainOf(spread: SpreadDesign): ForecastDistances {
  const tensors = tensorsOf(spread);
  return new ForecastDistances(runOf(tensors), modelOf(tensors));
}

/** Waves with noise. */
function series(rows: number): Float32Array {
  const random = createRandom(2);
  return Float32Array.from({ length: rows * WIDTH }, (_, i) => {
    return Math.sin(Math.floor(i / WIDTH) / 5 + (i % WIDTH)) + 0.1 * random.normal();
  });
}

interface Measured {
  readonly expected: Float32Array;
  readonly far: Float64Array;
}

/** Row by row from the first that has enough before it. */
function measureAll(
  distances: DynamoDistances | ForecastDistances,
  values: Float32Array,
): readonly Measured[] {
  const measured: Measured[] = [];
  for (let end = (ROWS + 1) * WIDTH; end <= values.length; end += WIDTH) {
    distances.measure(values, end);
    measured.push({
      expected: distances.expected.slice(),
      far: distances.views.perView.slice(),
    });
  }
  return measured;
}

describe.each(Object.entries(SPREADS))('a forecaster that skips work, by %s', (_, spread) => {
  const values = series(100);
  const plain = measureAll(plainOf(spread), values);

  it('is the plain one, bit by bit, at eps_b 1', () => {
    const always = dynamoOf(spread, { epsB: 1 });
    expect(measureAll(always, values)).toEqual(plain);
    expect(always.counts.inferences).toBe(plain.length);
    expect(always.counts.accepted).toBe(plain.length);
  });

  it('tells n rows a run at eps_b 0, the first of them as the plain one does', () => {
    const far = dynamoOf(spread, { epsB: 0 });
    const measured = measureAll(far, values);
    const runs = Math.ceil(plain.length / HEADS);
    expect(far.counts).toMatchObject({ rows: plain.length, inferences: runs, forcedReruns: 0 });
    expect(far.counts.accepted).toBe(runs * HEADS);
    for (const [i, { expected, far: found }] of measured.entries()) {
      if (i % HEADS === 0) expect({ expected, far: found }).toEqual(plain[i]);
      else expect(expected).not.toEqual(plain[i]?.expected);
    }
  });

  it('accepts no more steps of any run as eps_b grows', () => {
    const some = values.subarray(0, (ROWS + 16) * WIDTH);
    const accepted = [0, 0.1, 0.25, 0.5, 0.75, 1].map((epsB) => acceptedEach(spread, epsB, some));
    for (const [k, each] of accepted.slice(1).entries()) {
      for (const [i, n] of each.entries()) {
        expect(n).toBeLessThanOrEqual(accepted[k]?.[i] as number);
      }
    }
    expect(accepted[0]?.every((n) => n === HEADS)).toBe(true);
    expect(accepted.at(-1)?.every((n) => n === 1)).toBe(true);
  });

  it('measures a row that surprises as the plain one does, and does not forecast from it', () => {
    const watchful = dynamoOf(spread, { epsB: 0, guards: guardsAt(-1, -1, -1) });
    expect(measureAll(watchful, values)).toEqual(plain);
    expect(watchful.counts).toMatchObject({ inferences: plain.length, forcedReruns: 0 });
  });

  it.each([
    ['in one channel', { greatest: -1, mean: 1e9 }],
    ['in all channels together', { greatest: 1e9, mean: -1e9 }],
  ])('runs again for a row that surprises %s within a forecast, and counts it', (_how, guard) => {
    const [first, , third] = NEVER;
    const guards = [first, guard, third] as typeof NEVER;
    const one = dynamoOf(spread, { epsB: 0, guards });
    expect(measureAll(one, values)).toEqual(plain);
    const { rows, inferences, forcedReruns } = one.counts;
    expect(inferences).toBe(rows);
    expect(forcedReruns).toBe(rows - 1);
  });

  it('runs again after a gap', () => {
    const far = dynamoOf(spread, { epsB: 0 });
    const end = (ROWS + 1) * WIDTH;
    far.measure(values, end);
    far.measure(values, end + WIDTH);
    expect(far.counts.inferences).toBe(1);
    far.measure(values, end + 5 * WIDTH);
    expect(far.counts.inferences).toBe(2);
    expect(far.expected).toEqual(plain[5]?.expected);
    far.measure(values, end + 5 * WIDTH);
    expect(far.counts.inferences).toBe(3);
  });

  it('discounts errors of later steps', () => {
    const far = dynamoOf(spread, { epsB: 0 });
    const [, second] = measureAll(far, values.subarray(0, (ROWS + 2) * WIDTH));
    for (let c = 0; c < WIDTH; c += 1) {
      const own = values[(ROWS + 1) * WIDTH + c] as number;
      const error = own - (second?.expected[c] as number);
      expect(second?.far[c]).toBeCloseTo(error ** 2 / 2, 5);
    }
  });

  it('needs its heads and a guard for each', () => {
    const tensors = tensorsOf(spread);
    const { 'dynamo.steps.step2.mean.bias': lost, ...rest } = tensors;
    expect(lost?.shape).toEqual([WIDTH]);
    const design = { heads: HEADS, spread, epsB: 0, literal: false, guards: NEVER };
    const make = (kept: typeof tensors, guards = NEVER) =>
      new DynamoDistances(runOf(tensors), { ...design, guards }, modelOf(kept), plainKernels);
    expect(() => make(rest)).toThrow(WeightsError);
    expect(() => make(tensors, guardsAt(1))).toThrow('has 1 guards for 3 heads');
  });
});

/** Steps accepted where a run is forced at each row. */
function acceptedEach(spread: SpreadDesign, epsB: number, values: Float32Array): number[] {
  const distances = dynamoOf(spread, { epsB });
  const each: number[] = [];
  for (let end = (ROWS + 1) * WIDTH; end <= values.length; end += 2 * WIDTH) {
    const before = distances.counts.accepted;
    distances.measure(values, end);
    each.push(distances.counts.accepted - before);
  }
  return each;
}
