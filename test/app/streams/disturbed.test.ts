import { describe, expect, it } from 'vitest';
import { createOwnTrainings } from '../../../src/app/retraining/own-trainings.ts';
import type { ScoreReport } from '../../../src/core/sink.ts';
import type { Source } from '../../../src/core/source.ts';
import { names } from '../daemon/setup.ts';
import { recorded, START_MS } from '../recording.ts';
import { sourceOf, watching } from './watching.ts';

const FAULT = 200;
const id = `anomaly-machine-${START_MS + FAULT * 1000}`;
const series = recorded({ rows: 600, seed: 5, faults: [[FAULT, FAULT + 40]] });

interface Training {
  readonly from: number;
  /** Absent = it hangs. */
  readonly to?: number;
  /** Milliseconds a row on the clock of the trainings. */
  readonly rowMs?: number;
  readonly source?: Partial<Source>;
}

/** A stream with a fault, and a training of the daemon while it is watched. */
async function watchedWhile({ from, to, rowMs = 1000, source }: Training) {
  let nowMs = 0;
  const trainings = createOwnTrainings(() => nowMs);
  let end: (() => void) | undefined;
  const reports: ScoreReport[] = [];
  const onRow = (row: number): void => {
    nowMs = row * rowMs;
    if (row === from) end = trainings.begin();
    if (row === to) end?.();
  };
  const host = { ...sourceOf(true, onRow, series), measuresHost: true, ...source };
  const { done, told } = await watching(host, { trainings, reports });
  await done;
  const quiet = reports.filter((report) => report.quiet).map(({ timeMs }) => timeMs);
  return { told: names(told), quiet: quiet.map((timeMs) => (timeMs - START_MS) / 1000) };
}

const WHOLE = [`${id} opened`, `${id} closed`];

describe('a stream of the machine on which the daemon trains (#19)', () => {
  it('opens no alert meanwhile and three minutes after, and learns from no such row', async () => {
    const { told, quiet } = await watchedWhile({ from: FAULT - 5, to: FAULT + 45 });
    expect(told).toEqual([]);
    expect(quiet[0]).toBeGreaterThanOrEqual(FAULT - 6);
    expect(quiet[0]).toBeLessThanOrEqual(FAULT - 4);
    expect(quiet.at(-1)).toBeGreaterThan(FAULT + 45 + 175);
    expect(quiet.at(-1)).toBeLessThan(FAULT + 45 + 185);
  });

  it('is watched as ever when the training was long over', async () => {
    const { told, quiet } = await watchedWhile({ from: 3, to: 5 });
    expect(quiet.length).toBeGreaterThan(150);
    expect(told).toEqual(WHOLE);
  });

  it('keeps an alert open that was', async () => {
    const { told } = await watchedWhile({ from: FAULT + 15, to: FAULT + 20 });
    expect(told).toEqual(WHOLE);
  });

  it('is not blinded by a training that hangs', async () => {
    const { told } = await watchedWhile({ from: 0, rowMs: 30_000 });
    expect(told).toEqual(WHOLE);
  });

  it('is the only kind of stream that is blinded', async () => {
    const { told, quiet } = await watchedWhile({ from: 0, source: { measuresHost: false } });
    expect(told).toEqual(WHOLE);
    expect(quiet).toEqual([]);
  });
});
