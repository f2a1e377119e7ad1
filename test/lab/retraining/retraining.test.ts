import { getPriority } from 'node:os';
import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import { alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { gapOptions } from '../../../src/detection/windows/window-options.ts';
import { type RetrainingTask, retrainInWorker } from '../../../src/lab/retraining/retraining.ts';
import { trainInWorker } from '../../../src/lab/training.ts';
import { toySeries } from '../../detectors/training/toy-series.ts';

const first = { seed: 1, intervalMs: 1000 };
const live = await trainInWorker('pca', toySeries({ rows: 900, seed: 1 }), {}, first);

function task(rows: number): RetrainingTask {
  return {
    detector: 'pca',
    options: {},
    ...first,
    series: toySeries({ rows, seed: 2 }),
    live: { model: live },
    settings: {
      threshold: { kind: 'pot', options: {} },
      alerts: alertOptions.parse({}),
      windows: gapOptions.parse({}),
    },
  };
}

const never = new AbortController().signal;

describe('retraining in a thread', () => {
  it('trains on the older rows and tries both models on the newest, at a low priority', async () => {
    const priority = getPriority();
    const seen: number[] = [];
    const { model, trial } = await retrainInWorker(task(1500), {
      onProgress: ({ fraction }) => seen.push(fraction),
      signal: never,
    });
    expect(model.card.rows).toBe(1200);
    expect(trial.rows).toBe(300);
    expect(trial.objection).toBeUndefined();
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(getPriority()).toBe(priority);
  });

  it('brings back what the trainer objects to', async () => {
    await expect(retrainInWorker(task(40), { signal: never })).rejects.toThrow(CalibrationError);
  });

  it('ends at once when aborted', async () => {
    const stop = new AbortController();
    const running = retrainInWorker(task(1500), { signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
  });
});
