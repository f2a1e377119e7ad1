// Recordings with enough rows, but gaps among them.
import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../../src/core/errors.ts';
import type { Series } from '../../../../src/core/series.ts';
import { trainers } from '../../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../../src/engine/kernels/load.ts';
import type { Model } from '../../../../src/models/model.ts';
import { toySeries } from '../../training/toy-series.ts';

const HOUR_MS = 3_600_000;
const ROWS = 900;
/** Rows of the fitted part, of which the newest tenth is what training is validated with. */
const FITTED = 0.8 * ROWS;
const kernels = await loadKernels();

/** Gaps before the row `from` and every so many rows from there to `to`. */
function torn(every: number, from = 0, to = ROWS): Series {
  const whole = toySeries({ rows: ROWS, seed: 1 });
  const gaps = (row: number) =>
    row < from ? 0 : 1 + Math.floor((Math.min(row, to) - from) / every);
  return { ...whole, timeMs: whole.timeMs.map((ms, row) => ms + gaps(row) * HOUR_MS) };
}

const EVERYWHERE = torn(20);
const WHERE_VALIDATED = torn(20, 0.9 * FITTED - 8, FITTED);
const WHERE_SCALED = torn(20, FITTED);

function train(kind: string, series: Series, options: Record<string, unknown>): Promise<Model> {
  const trainer = trainers.get(kind);
  if (!trainer) throw new RangeError(kind);
  return trainer.train(series, trainer.options.parse(options), {
    kernels,
    seed: 1,
    intervalMs: 1000,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

describe.each(['encoder', 'forecaster', 'cnn'])('%s', (kind) => {
  it.each([
    ['everywhere', EVERYWHERE],
    ['where it is validated', WHERE_VALIDATED],
    ['where the scale is set', WHERE_SCALED],
  ])('refuses a recording with gaps %s', async (_, series) => {
    const training = train(kind, series, { steps: 2 });
    await expect(training).rejects.toThrow(CalibrationError);
    await expect(training).rejects.toThrow("'toy' has too few unbroken windows of 3");
  });

  it('learns from it where its windows are shorter than the stretches', async () => {
    const model = await train(kind, torn(40), { steps: 2, batch: 8 });
    expect(model.calibration.length).toBeGreaterThan(20);
  });
});

describe('ensemble', () => {
  const options = {
    gon: { lengths: [1], shapeLengths: [], linearLength: 0, steps: 2 },
    forecaster: { steps: 2, batch: 8 },
  };

  it.each([
    ['everywhere', EVERYWHERE],
    ['where the forecaster is validated', WHERE_VALIDATED],
  ])('is the GON alone where a recording has gaps %s', async (_, series) => {
    const { design, calibration } = await train('ensemble', series, options);
    expect(design).not.toHaveProperty('forecaster');
    expect(calibration.length).toBeGreaterThan(20);
    const whole = await train('ensemble', toySeries({ rows: ROWS, seed: 1 }), options);
    expect(whole.design).toHaveProperty('forecaster');
  });
});
