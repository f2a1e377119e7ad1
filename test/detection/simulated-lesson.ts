// A machine of five channels at 1 Hz, and ways in which half an hour of it is no good lesson. Pure; a seed gives the rows.
import type { Series } from '../../src/core/series.ts';
import { createRandom } from '../../src/engine/random.ts';

export const START_MS = Date.UTC(2026, 0, 1, 2);
export const LESSON_ROWS = 1800;
const CHANNELS = ['load', 'temperature', 'current', 'memory', 'network'] as const;
type Name = (typeof CHANNELS)[number];
type Row = Record<Name, number>;
/** Changes a row in place; `row` counts from 0. */
export type Change = (values: Row, row: number) => void;

const busy: Change = (values) => {
  values.load += 40;
  values.temperature += 12;
  values.current += 0.8;
};

export const between =
  (from: number, to: number, change: Change): Change =>
  (values, row) => {
    if (row >= from && row < to) change(values, row);
  };

const set =
  (name: Name, to: (value: number, row: number) => number): Change =>
  (values, row) => {
    values[name] = to(values[name], row);
  };

/** What may happen to the machine, now or in its lesson. */
export const EVENTS = {
  busy,
  memory: set('memory', (value) => value + 20),
  network: set('network', (value) => value + 100),
  current: set('current', (value) => value - 0.9),
  hot: set('temperature', (value) => value + 12),
  spike: set('load', (value) => value + 300),
  stuck: set('temperature', () => 45),
} as const;

/** Lessons by what is the matter with them. */
export const LESSONS: Readonly<Record<string, readonly Change[]>> = {
  calm: [],
  'busy at first': [between(0, 800, busy)],
  'busy for a while': [between(800, 1000, busy)],
  ramp: [set('memory', (value, row) => value + (40 * row) / LESSON_ROWS)],
  'step that stays': [between(1200, LESSON_ROWS, EVENTS.network)],
  'single outliers': [between(500, 502, EVENTS.spike), between(1500, 1501, EVENTS.spike)],
  'anomaly that lasts': [between(1400, LESSON_ROWS, EVENTS.current)],
  'start-up': [
    set('temperature', (value, row) => value + 25 * Math.exp(-row / 100)),
    set('load', (value, row) => value + 60 * Math.exp(-row / 60)),
  ],
  'stuck for a while': [between(600, 900, EVENTS.stuck)],
  'missing for a while': [
    between(
      300,
      700,
      set('temperature', () => Number.NaN),
    ),
  ],
  'job that recurs': [(values, row) => row % 300 >= 200 && row % 300 < 240 && busy(values, row)],
  'daily turn': [
    set('temperature', (value, row) => value + 6 * Math.sin((8 * Math.PI * row) / LESSON_ROWS)),
  ],
};

export function simulated(
  changes: readonly Change[],
  { seed = 1, rows = LESSON_ROWS }: { readonly seed?: number; readonly rows?: number } = {},
): Series {
  const random = createRandom(seed);
  const values = new Float64Array(rows * CHANNELS.length);
  let shared = random.normal();
  let heat = shared;
  for (let row = 0; row < rows; row++) {
    shared = 0.9 * shared + Math.sqrt(1 - 0.81) * random.normal();
    heat += 0.1 * (shared - heat);
    const now: Row = {
      load: 20 + 4 * shared + random.normal(),
      temperature: 45 + 3 * heat + 0.2 * random.normal(),
      current: 1.2 + 0.1 * shared + 0.02 * random.normal(),
      memory: 40 + 0.5 * random.normal(),
      network: 100 + 10 * random.normal(),
    };
    for (const change of changes) change(now, row);
    for (const [place, name] of CHANNELS.entries()) {
      values[row * CHANNELS.length + place] = now[name];
    }
  }
  return {
    id: 'machine',
    channels: CHANNELS.map((id) => ({ id, unit: '' })),
    timeMs: Float64Array.from({ length: rows }, (_, row) => START_MS + 1000 * row),
    values,
  };
}
