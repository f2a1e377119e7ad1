import { describe, expect, it } from 'vitest';
import {
  correlationsOf,
  discountsOf,
  guardsOf,
  independent,
} from '../../../../src/detectors/dynamo/training/measure-steps.ts';
import {
  stepTargets,
  stepWindows,
  tokenTensors,
} from '../../../../src/detectors/dynamo/training/step-network.ts';
import { forecastExamples } from '../../../../src/detectors/networks/training/forecast-examples.ts';
import { prepare } from '../../../../src/detectors/scoring/training/data.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import { toySeries } from '../../training/toy-series.ts';

/** Errors (N, 2, 2): those of channel 0 grow threefold and go together, those of channel 1 do neither. */
function errors(count: number): Float32Array {
  const random = createRandom(3);
  const cells: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const [a, b, c, d] = [random.normal(), random.normal(), random.normal(), random.normal()];
    cells.push(a, b, 3 * (0.8 * a + 0.6 * c), d);
  }
  return Float32Array.from(cells);
}

describe('what windows tell of heads', () => {
  const measured = { surprisals: [], errors: errors(4000) };

  it('is a guard that so many rows keep below', () => {
    const rising = Float64Array.from({ length: 101 }, (_, i) => i);
    const still = Float64Array.of(5, 5);
    const surprisals = [
      { greatest: rising, mean: still },
      { greatest: still, mean: rising },
    ];
    expect(guardsOf({ surprisals }, 0.95)).toEqual([
      { greatest: 95, mean: 5 },
      { greatest: 5, mean: 95 },
    ]);
  });

  it('is how much larger errors of later steps are', () => {
    const { shape, data } = discountsOf(measured, 2, 2);
    expect(shape).toEqual([2, 2]);
    expect([...data.subarray(0, 2)]).toEqual([1, 1]);
    expect(data[2]).toBeGreaterThan(0.09);
    expect(data[2]).toBeLessThan(0.135);
    expect(data[3]).toBeGreaterThan(0.85);
    expect(data[3]).toBeLessThanOrEqual(1);
  });

  it('is how errors go together, never wholly', () => {
    const { shape, data } = correlationsOf(measured, 2, 2);
    expect(shape).toEqual([2, 2, 2]);
    expect([data[0], data[3], data[4], data[7]]).toEqual([1, 1, 1, 1]);
    expect(data[1]).toBe(data[2]);
    expect(Math.abs((data[1] as number) - 0.95 * 0.8)).toBeLessThan(0.03);
    expect(Math.abs(data[5] as number)).toBeLessThan(0.05);
    const still = correlationsOf({ surprisals: [], errors: new Float32Array(8) }, 2, 2);
    expect([...still.data]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect(independent(2, 2)['dynamo.correlations']?.data).toEqual(still.data);
  });
});

describe('windows that heads learn from', () => {
  const needs = { heldBack: 0.2, shortest: 15 };
  const data = prepare(toySeries({ rows: 400, seed: 1 }), needs, { intervalMs: 1000 });
  const design = { rows: 12, horizon: 1, normalisation: 'level' } as const;
  const table = stepWindows(data, 15);

  it('are of the fitted part alone', () => {
    const last = (table.starts.at(-1) ?? 0) + 14;
    expect(data.cut).toBe(320);
    expect(last).toBe(319);
  });

  it('end with the rows to be told, as the network sees them', () => {
    const targets = stepTargets(table, design);
    expect(targets).toHaveLength(table.starts.length * 3 * 6);
    const [seen, told] = [new Float32Array(12 * 6), new Float32Array(3 * 6)];
    forecastExamples(table, design)(Int32Array.of(7), [seen, told], createRandom(1));
    expect(targets.subarray(7 * 18, 8 * 18)).toEqual(told);
  });

  it('give bins and co-occurrences, one of each a channel', () => {
    const shape = { steps: 3, width: 6 };
    const tensors = tokenTensors(stepTargets(table, design), shape, { bins: 8 });
    const bounds = tensors['dynamo.bins'];
    expect(bounds?.shape).toEqual([6, 2]);
    for (let c = 0; c < 6; c += 1) {
      expect(bounds?.data[2 * c + 1]).toBeGreaterThan(bounds?.data[2 * c] as number);
    }
    const pairs = tensors['dynamo.cooccurrence'];
    expect(pairs?.shape).toEqual([6, 10, 10]);
    // A sine seldom leaps from one end to the other.
    const between = (a: number, b: number) => pairs?.data[a * 10 + b] as number;
    expect(between(2, 2)).toBeGreaterThan(2);
    expect(between(2, 7)).toBeLessThan(0.5);
  });
});
