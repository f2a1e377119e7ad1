import { describe, expect, it } from 'vitest';
import { forecastExamples } from '../../../../src/detectors/networks/training/forecast-examples.ts';
import { createRandom } from '../../../../src/engine/random.ts';

const WIDTH = 2;
/** Row t is (t, 10 t). */
const rows = Float32Array.from({ length: 8 * WIDTH }, (_, i) => {
  const t = Math.floor(i / WIDTH);
  return i % WIDTH === 0 ? t : 10 * t;
});

function written(normalisation: 'none' | 'level' | 'level-and-spread', starts: number[]) {
  const table = { rows, width: WIDTH, length: 5, starts: Int32Array.from([0, 1, 2, 3]) };
  const fill = forecastExamples(table, { rows: 3, normalisation });
  const [input, target] = [new Float32Array(2 * 3 * WIDTH), new Float32Array(2 * 2 * WIDTH)];
  fill(Int32Array.from(starts), [input, target], createRandom(1));
  return { input: [...input], target: [...target] };
}

describe('examples of forecasts', () => {
  it('are the rows that are seen, and those that follow', () => {
    expect(written('none', [2, 0])).toEqual({
      input: [2, 20, 3, 30, 4, 40, 0, 0, 1, 10, 2, 20],
      target: [5, 50, 6, 60, 3, 30, 4, 40],
    });
  });

  it('are relative to the rows that are seen, whatever follows', () => {
    expect(written('level', [3, 1])).toEqual({
      input: [-1, -10, 0, 0, 1, 10, -1, -10, 0, 0, 1, 10],
      target: [2, 20, 3, 30, 2, 20, 3, 30],
    });
    const { target } = written('level-and-spread', [0, 1]);
    const unit = Math.sqrt(2 / 3);
    const wanted = [2, 2, 3, 3, 2, 2, 3, 3].map((steps) => steps / unit);
    for (const [i, value] of target.entries()) expect(value).toBeCloseTo(wanted[i] as number, 5);
    expect(rows[2]).toBe(1);
  });
});
