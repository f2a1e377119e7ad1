import { describe, expect, it } from 'vitest';
import { CalibrationError, ConfigError } from '../../src/core/errors.ts';
import type { TrainingProgress } from '../../src/detectors/training/trainer.ts';
import { trainInWorker } from '../../src/lab/training.ts';
import { toySeries } from '../detectors/training/toy-series.ts';

const quick = { lengths: [1, 4], hidden: 8, steps: 20, batch: 8, memoryKb: 2 };
const series = toySeries({ rows: 300, seed: 1 });
const task = { seed: 3, intervalMs: 1000 };

describe('training in a thread', () => {
  it('returns the model and reports progress', async () => {
    const seen: TrainingProgress[] = [];
    const model = await trainInWorker('gon', series, quick, {
      ...task,
      onProgress: (p) => seen.push(p),
    });
    expect(model.kind).toBe('gon');
    expect(model.card.seed).toBe(3);
    expect(model.calibration).toBeInstanceOf(Float64Array);
    expect(seen.at(-1)?.fraction).toBe(1);
  });

  it('brings back the known error of the trainer', async () => {
    const short = toySeries({ rows: 30, seed: 1 });
    const training = trainInWorker('gon', short, quick, task);
    await expect(training).rejects.toBeInstanceOf(CalibrationError);
    await expect(training).rejects.toThrow('has 30 rows');
  });

  it('names an unknown kind and a wrong option', async () => {
    const unknown = trainInWorker('gun', series, {}, task);
    await expect(unknown).rejects.toThrow(ConfigError);
    await expect(unknown).rejects.toThrow("detector kind 'gun' is unknown");
    const wrong = trainInWorker('gon', series, { steps: 'many' }, task);
    await expect(wrong).rejects.toThrow(/options of detector gon: steps: /);
  });

  it('ends at once when aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const training = trainInWorker(
      'gon',
      series,
      { steps: 1e8 },
      { ...task, signal: abort.signal },
    );
    setTimeout(() => abort.abort(reason), 50);
    await expect(training).rejects.toBe(reason);
    const late = trainInWorker('gon', series, quick, { ...task, signal: abort.signal });
    await expect(late).rejects.toBe(reason);
  });
});
