import type { Series } from '../../src/core/series.ts';
import { createRandom } from '../../src/engine/random.ts';

/** Where the anomaly of `plantedSeries` lies, and in which channel. */
export const PLANTED = { start: 200, end: 230, channel: 1 } as const;

/** Three channels driven by one wave, with noise of their own, a row a second. */
export function ordinarySeries(rows: number, seed = 1, startMs = 0): Series {
  const random = createRandom(seed);
  const values = new Float64Array(rows * 3);
  for (let row = 0; row < rows; row++) {
    const phase = (2 * Math.PI * (startMs / 1000 + row)) / 60;
    values[row * 3] = 40 + 10 * Math.sin(phase) + random.normal();
    values[row * 3 + 1] = 2e6 + 3e5 * Math.sin(phase) + 3e4 * random.normal();
    values[row * 3 + 2] = 0.5 + 0.1 * Math.sin(phase) + 0.01 * random.normal();
  }
  return {
    id: 'ordinary',
    channels: [
      { id: 'cpu', unit: '%' },
      { id: 'network', unit: 'B/s' },
      { id: 'load', unit: '' },
    ],
    timeMs: Float64Array.from({ length: rows }, (_, row) => startMs + row * 1000),
    values,
  };
}

/** An ordinary series with one channel thrown between two levels outside its range, for 30 rows. */
export function plantedSeries(rows: number, startMs: number): Series {
  const series = ordinarySeries(rows, 2, startMs);
  for (let row = PLANTED.start; row < PLANTED.end; row++) {
    series.values[row * 3 + PLANTED.channel] = row % 2 === 0 ? 3.2e6 : 0.8e6;
  }
  return { ...series, id: 'planted' };
}
