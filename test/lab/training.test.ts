import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CalibrationError, ConfigError, DeviceError } from '../../src/core/errors.ts';
import type { TrainingProgress } from '../../src/detectors/training/trainer.ts';
import { trainInWorker } from '../../src/lab/training.ts';
import { toySeries } from '../detectors/training/toy-series.ts';
import { childrenOf } from '../io/process/children.ts';

const quick = { lengths: [1, 4], hidden: 8, steps: 20, batch: 8, memoryKb: 2 };
const series = toySeries({ rows: 300, seed: 1 });
const task = { seed: 3, intervalMs: 1000 };

describe('training in a process of its own', () => {
  it('returns the model and reports progress, and leaves nothing: its process has ended (#21)', async () => {
    const seen: TrainingProgress[] = [];
    const model = await trainInWorker('gon', series, quick, {
      ...task,
      onProgress: (p) => seen.push(p),
    });
    expect(model.kind).toBe('gon');
    expect(model.card.seed).toBe(3);
    expect(model.calibration).toBeInstanceOf(Float64Array);
    expect(seen.at(-1)?.fraction).toBe(1);
    expect(trainingsOf(process.pid)).toEqual([]);
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

  it('says that memory may have run out when its process is killed (#21)', async () => {
    const training = trainInWorker('gon', series, { steps: 1e8 }, task);
    training.catch(() => undefined); // looked at below
    await expect.poll(() => trainingsOf(process.pid)).toHaveLength(1);
    process.kill(trainingsOf(process.pid)[0] as number, 'SIGKILL');
    await expect(training).rejects.toThrow(DeviceError);
    await expect(training).rejects.toThrow('ended by SIGKILL, most likely because memory ran out');
  });

  it('leaves it to who asked to stop when a whole service is told to', async () => {
    const abort = new AbortController();
    let begun = false;
    const training = trainInWorker(
      'gon',
      series,
      { steps: 1e8 },
      {
        ...{ ...task, signal: abort.signal },
        onProgress() {
          begun = true;
        },
      },
    );
    training.catch(() => undefined); // looked at below
    await expect.poll(() => begun).toBe(true);
    const [pid] = trainingsOf(process.pid) as [number];
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(pid, name);
    begun = false;
    await expect.poll(() => begun).toBe(true);
    abort.abort(new Error('stopped'));
    await expect(training).rejects.toThrow('stopped');
    expect(trainingsOf(process.pid)).toEqual([]);
  });

  it('ends when the process that asked is killed', async () => {
    const asker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', ASKER], {
      stdio: 'ignore',
    });
    onTestFinished(() => void asker.kill('SIGKILL'));
    const pid = asker.pid as number;
    await expect.poll(() => trainingsOf(pid)).toHaveLength(1);
    const [trains] = trainingsOf(pid);
    asker.kill('SIGKILL');
    await expect.poll(() => existsSync(`/proc/${trains}`)).toBe(false);
  });
});

/** Asks for a training without an end. */
const ASKER = `
  const { trainInWorker } = await import('./src/lab/training.ts');
  const { toySeries } = await import('./test/detectors/training/toy-series.ts');
  await trainInWorker('gon', toySeries({ rows: 300, seed: 1 }), { steps: 1e8 }, { seed: 1, intervalMs: 1000 });
`;

/** Processes that train for that one. */
function trainingsOf(parent: number): readonly number[] {
  const children = childrenOf(parent).filter(({ command }) => command.includes('training-process'));
  return children.map(({ pid }) => pid);
}
