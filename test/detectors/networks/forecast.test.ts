import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../../src/core/errors.ts';
import {
  type Body,
  cnnBody,
  encoderBody,
  ForecastRun,
  forecastNetwork,
} from '../../../src/detectors/networks/forecast.ts';
import { ForecastDistances } from '../../../src/detectors/networks/forecast-distances.ts';
import type { Normalisation } from '../../../src/detectors/normalisation.ts';
import { plainKernels } from '../../../src/engine/kernels/plain.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { initialiseNetwork } from '../../../src/models/layers.ts';
import { savedWeights } from '../../../src/models/network-weights.ts';
import { cell } from '../../models/cnn-points.ts';

const ROWS = 12;
const WIDTH = 2;
const END = (ROWS + 1) * WIDTH;
const head = { op: 'attention', form: 'scaled' } as const;
const bodies: Record<string, Body> = {
  encoder: encoderBody({
    point: { layers: [{ hidden: 8, heads: [head, head], feedForward: [12] }] },
    patch: 3,
  }),
  cnn: cnnBody({ point: { cells: [cell(), cell()] } }),
};

/** Untrained weights, which forecast something else each time anything is changed. */
function distancesOf(body: Body, normalisation: Normalisation, horizon = 1) {
  const design = { rows: ROWS, horizon, normalisation };
  const { tape, output } = forecastNetwork(body, design, WIDTH, 1);
  const program = plainKernels.compile(tape, { outputs: [output] });
  initialiseNetwork(program.parameters, createRandom(4));
  const tensors = savedWeights(program.parameters, 'f');
  const channels = ['a', 'b'].map((id) => ({ id, unit: '' }));
  const make = (kept = tensors) => {
    const model = { id: 'm', design: {}, channels, tensors: kept };
    return new ForecastDistances(new ForecastRun('f', body, design, model, plainKernels), model);
  };
  return { tensors, make, output };
}

function rows(level: number, spread: number, seed = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: END }, () => level + spread * random.normal());
}

describe.each(Object.entries(bodies))('forecasts of a body of kind %s', (_, body) => {
  it('are rows of all channels, as many as the horizon', () => {
    expect(distancesOf(body, 'none', 1).output.shape).toEqual([1, 1, WIDTH]);
    expect(distancesOf(body, 'none', 3).output.shape).toEqual([1, 3, WIDTH]);
    const { tape, input, output } = forecastNetwork(body, { rows: ROWS, horizon: 3 }, WIDTH, 5);
    expect(input.shape).toEqual([5, ROWS, WIDTH]);
    expect(output.shape).toEqual([5, 3, WIDTH]);
    expect(tape.parameters.find((_, i, all) => i === all.length - 1)?.shape).toEqual([3 * WIDTH]);
  });

  it('measure the newest row against what the rows before it tell', () => {
    const distances = distancesOf(body, 'level').make();
    expect(distances.length).toBe(ROWS + 1);
    const x = rows(0, 1);
    distances.measure(x, END);
    const told = distances.expected.slice();
    for (const c of [0, 1]) {
      const error = (x[ROWS * WIDTH + c] as number) - (told[c] as number);
      expect(distances.views.perView[c]).toBeCloseTo(error ** 2, 5);
    }
    x.set(told, ROWS * WIDTH);
    distances.measure(x, END);
    expect(distances.expected).toEqual(told);
    expect([...distances.views.perView]).toEqual([0, 0]);
    x[0] = 3;
    distances.measure(x, END);
    expect(distances.expected).not.toEqual(told);
  });

  it('read the rows that end where they are told to', () => {
    const distances = distancesOf(body, 'level').make();
    const x = rows(0, 1);
    distances.measure(x, END);
    const [told, far] = [distances.expected.slice(), distances.views.perView.slice()];
    distances.measure(Float32Array.of(7, 7, ...x, 9, 9), END + 2);
    expect(distances.expected).toEqual(told);
    expect(distances.views.perView).toEqual(far);
  });

  it('go with the level of a window, and with its spread, where these are not seen', () => {
    const expectedOf = (kind: Normalisation, x: Float32Array): readonly number[] => {
      const distances = distancesOf(body, kind).make();
      distances.measure(x, END);
      return [...distances.expected];
    };
    const [plain, raised, wide] = [rows(0, 1), rows(5, 1), rows(5, 3)];
    for (const c of [0, 1]) {
      const of = (kind: Normalisation, x: Float32Array) => expectedOf(kind, x)[c] as number;
      expect(of('level', raised)).toBeCloseTo(of('level', plain) + 5, 4);
      expect(of('level-and-spread', wide)).toBeCloseTo(3 * of('level-and-spread', plain) + 5, 3);
      expect(Math.abs(of('level', wide) - 3 * of('level', plain) - 5)).toBeGreaterThan(0.01);
      expect(Math.abs(of('none', raised) - of('none', plain) - 5)).toBeGreaterThan(0.1);
    }
  });

  it('need the weights of their design', () => {
    const { tensors, make } = distancesOf(body, 'none');
    const { 'f.forecast.weights': lost, ...rest } = tensors;
    expect(lost?.shape.at(-1)).toBe(WIDTH);
    expect(() => make(rest)).toThrow(WeightsError);
    expect(() => make(rest)).toThrow('lacks the tensor f.forecast.weights');
    const wrong = { shape: [1], data: new Float32Array(1) };
    expect(() => make({ ...tensors, 'f.norm.gain': wrong })).toThrow('has 1 cells');
  });
});
