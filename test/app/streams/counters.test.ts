import { describe, expect, it } from 'vitest';
import { sameChannels } from '../../../src/app/compose/channels.ts';
import { createLog } from '../../../src/app/log.ts';
import { createProblems } from '../../../src/app/status/problems.ts';
import { learn } from '../../../src/app/streams/learn.ts';
import { LessonRows } from '../../../src/app/streams/lesson-rows.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { rowOf, rowsBetween, type Series } from '../../../src/core/series.ts';
import { runTraining } from '../../../src/detectors/training/run-training.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { type Model, watchedChannels } from '../../../src/models/model.ts';
import { recorded, START_MS } from '../recording.ts';
import { tinyModel } from '../tiny-model.ts';
import { sourceOf, watching } from './watching.ts';

const ENERGY = { id: 'energy', unit: 'Wh' };

/** The machine with a meter, which ran for long; within `wasted` it counts five times what the machine takes. */
function metered(rows: number, wasted?: readonly [from: number, to: number]): Series {
  const machine = recorded({ rows, seed: 5 });
  let energy = 4e6;
  const values = Array.from({ length: rows }, (_, row) => {
    const [power = 0, temperature = 0] = rowOf(machine, row);
    const isWasted = wasted && row >= wasted[0] && row < wasted[1];
    energy += ((isWasted ? 5 : 1) * power) / 3600;
    return [power, temperature, energy];
  });
  return {
    ...machine,
    channels: [...machine.channels, ENERGY],
    values: Float64Array.from(values.flat()),
  };
}

function learnt(series: Series, counters: Readonly<Record<string, boolean>> = {}): Promise<Model> {
  const rows = series.timeMs.length;
  const log = createLog({ level: 'silent', style: 'json', write: () => undefined });
  return learn(sourceOf(false, undefined, series), {
    streamId: 'machine',
    learn: {
      rows,
      longest: 4,
      intervalMs: 1000,
      seed: 1,
      counters,
      detector: 'robust-z',
      options: {},
    },
    plugins: [],
    rows: new LessonRows({
      ...{ streamId: 'machine', most: rows, keepMs: 0, ring: () => undefined },
      exclusions: () => [],
      clockIsSet: () => true,
    }),
    quiet: () => false,
    training: () => () => undefined,
    log,
    problems: createProblems(log),
    signal: new AbortController().signal,
  });
}

describe('a stream with a counter (#19)', () => {
  it('alerts about its rate, and keeps the rates around the alert', async () => {
    const whole = metered(1600, [1400, 1500]);
    const task = { kind: 'robust-z', options: {}, seed: 1, intervalMs: 1000 };
    const model = await runTraining(
      { ...task, series: rowsBetween(whole, 0, 1200) },
      await loadKernels('plain'),
      () => undefined,
    );
    expect(model.channels.at(-1)).toEqual(ENERGY);
    const rows = new Map<string, Series>();
    const { done, saved } = await watching(
      sourceOf(false, undefined, rowsBetween(whole, 1200, 1600)),
      { model, mostRows: 400, rows },
    );
    await done;
    const [opened] = saved;
    expect(opened?.startMs).toBeGreaterThanOrEqual(START_MS + 1_400_000);
    expect(opened?.startMs).toBeLessThan(START_MS + 1_410_000);
    const blamed = opened?.channels[0];
    expect(blamed).toMatchObject({ id: 'energy', unit: 'Wh/h' });
    expect(blamed?.value).toBeGreaterThan(35);
    expect(blamed?.value).toBeLessThan(70);
    expect(blamed?.expected).toBeCloseTo(10, 0);
    expect(saved.filter(({ state }) => state === 'opened')).toHaveLength(1);
    const kept = rows.get(opened?.id ?? '');
    expect(kept?.channels.at(-1)).toEqual({ id: 'energy', unit: 'Wh/h' });
    const rates = kept?.values.filter((_, i) => i % 3 === 2) ?? [];
    expect(Math.max(...rates)).toBeLessThan(70);
  });

  it('learns it as it is where the configuration says so, and says what it does not have', async () => {
    const series = metered(300);
    const told = await learnt(series, { power: true, energy: false });
    expect(watchedChannels(told).map(({ unit }) => unit)).toEqual(['W/s', 'C', 'Wh']);
    const unknown = learnt(series, { enrgy: true });
    await expect(unknown).rejects.toThrow(ConfigError);
    await expect(unknown).rejects.toThrow("counters name enrgy, which 'machine' does not have");
  });

  it('leaves out what is said of a channel without readings', async () => {
    const series = metered(300);
    const values = series.values.map((value, i) => (i % 3 === 2 ? Number.NaN : value));
    const model = await learnt({ ...series, values }, { energy: true });
    expect(model.leftOut).toEqual([ENERGY]);
    expect(model).not.toHaveProperty('rates');
  });

  it('is another stream to a model that watches the rates of other channels', () => {
    const rate = { unit: '1/s', perMs: 1000, usual: 5, rest: 1, step: 5, most: 50 };
    const channels = [
      { id: 'a', unit: '' },
      { id: 'b', unit: '' },
    ];
    const [one, other] = [0, 1].map((channel) => ({ channels, rates: [{ channel, ...rate }] }));
    expect(sameChannels(tinyModel(one), tinyModel(one))).toBe(true);
    expect(sameChannels(tinyModel(one), tinyModel(other))).toBe(false);
    expect(sameChannels(tinyModel(one), tinyModel({ channels }))).toBe(false);
  });
});
