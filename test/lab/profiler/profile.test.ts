import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConfigError, DeviceError } from '../../../src/core/errors.ts';
import { registry } from '../../../src/core/registry.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { LEARNING } from '../../../src/lab/profiler/active-learning.ts';
import { engineIdentity } from '../../../src/lab/profiler/engine-identity.ts';
import type { Meter } from '../../../src/lab/profiler/meters/meter.ts';
import { predictorOf } from '../../../src/lab/profiler/predictor.ts';
import { type Profile, parseProfile, writeProfile } from '../../../src/lab/profiler/profile.ts';
import { profileDevice } from '../../../src/lab/profiler/profile-device.ts';
import { workOf } from '../../../src/lab/profiler/work.ts';
import { hostOf, network, QUICK } from './cases.ts';
import { nearest } from './nearest.ts';

const kernels = await loadKernels();
const engine = engineIdentity(kernels, '1.2.3');
const regressors = registry({ kind: 'nearest', summary: '', fit: nearest });
const designs = [1, 2, 3].flatMap((layers) =>
  [8, 12, 16].map((hidden) => ({
    network: network(layers, hidden),
    coordinates: [layers, hidden],
  })),
);
const folder = mkdtempSync(join(tmpdir(), 'profile-'));

function profileWith(parts: Partial<Parameters<typeof profileDevice>[0]> = {}): Promise<Profile> {
  return profileDevice({
    designs,
    kernels,
    engine,
    measuredAt: '2026-01-02T03:04:05Z',
    seed: 1,
    regressors,
    learner: 'nearest',
    host: hostOf(),
    timing: QUICK,
    opTiming: QUICK,
    learning: { ...LEARNING, initial: 5, most: 7 },
    signal: new AbortController().signal,
    ...parts,
  });
}

/** Answers so many times, then is gone. */
function meterFor(readings: number): Meter {
  let left = readings;
  return {
    kind: 'test',
    id: 'bench',
    covers: 'all',
    start: () => ({
      stop() {
        left -= 1;
        if (left < 0) throw new DeviceError('the meter is gone');
        return { energyJ: 6, peakPowerW: 3, seconds: 2, samples: 10 };
      },
    }),
  };
}

describe('profileDevice', () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await profileWith();
  });

  it('measures designs until they are enough, each once', () => {
    const names = profile.measurements.map((one) => JSON.stringify(one.network));
    expect(names.length).toBeLessThanOrEqual(7);
    expect(names.length).toBeGreaterThanOrEqual(5);
    expect(new Set(names).size).toBe(names.length);
  });

  it('leaves energy out where there is no meter', () => {
    expect(profile.meter).toBeUndefined();
    expect(profile.measurements.every(({ energy }) => energy === undefined)).toBe(true);
    expect(Object.keys(profile.regressors).sort()).toEqual(['p50S', 'p95S']);
  });

  it('compares what is counted with where designs lie', () => {
    const views = profile.regressors.p50S?.map(({ features }) => features).sort();
    expect(views).toEqual(['analytic', 'both', 'embedding', 'work']);
  });

  it('times each operation by itself', () => {
    expect(new Set(profile.ops.map(({ op }) => op)).size).toBe(11);
  });

  it('shares the energy of the meter by inferences, with and without what the device takes idle', async () => {
    const { meter, measurements } = await profileWith({ meter: meterFor(99), idleMs: 1 });
    const [first] = measurements;
    expect(meter?.idlePowerW).toBe(3);
    expect(first?.energy?.totalJ).toBeCloseTo(6 / (first?.runs ?? 0), 12);
    expect(first?.energy?.aboveIdleJ).toBe(0);
  });

  it('goes on without energy when the meter disappears, and says so', async () => {
    const {
      meter,
      measurements,
      regressors: told,
    } = await profileWith({
      meter: meterFor(3),
      idleMs: 1,
    });
    expect(meter?.lost).toBe('the meter is gone');
    expect(measurements.filter(({ energy }) => energy !== undefined).length).toBe(2);
    expect(told.energyJ).toBeUndefined();
    expect(told.p50S).toBeDefined();
  });

  it('refuses a meter that does not answer at all', async () => {
    await expect(profileWith({ meter: meterFor(0), idleMs: 1 })).rejects.toThrow(DeviceError);
  });

  it('goes on without energy too when the meter cannot be started again', async () => {
    const meter = meterFor(99);
    let starts = 0;
    const start = () => {
      starts += 1;
      if (starts > 2) throw new DeviceError('the meter is gone');
      return meter.start();
    };
    const profile = await profileWith({ meter: { ...meter, start }, idleMs: 1 });
    expect(profile.meter?.lost).toBe('the meter is gone');
    expect(profile.measurements.length).toBeGreaterThanOrEqual(5);
    expect(profile.measurements.filter(({ energy }) => energy !== undefined).length).toBe(1);
  });

  it.each([
    ['before the first network', 1],
    ['in the first network', 2],
  ])('stops the meter when it is aborted %s, and says why', async (_when, last) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    let [starts, stops] = [0, 0];
    const start = () => {
      starts += 1;
      if (starts === last) abort.abort(reason);
      return {
        stop() {
          stops += 1;
          return { energyJ: 6, peakPowerW: 3, seconds: 2, samples: 10 };
        },
      };
    };
    const meter = { ...meterFor(0), start };
    await expect(profileWith({ meter, idleMs: 1, signal: abort.signal })).rejects.toBe(reason);
    expect([starts, stops]).toEqual([last, last]);
  });

  it.each([
    ['designs', { designs: designs.slice(0, 4) }],
    ['measurements', { learning: { ...LEARNING, most: 4 } }],
  ])('refuses fewer %s than can be held out', async (_what, few) => {
    await expect(profileWith(few)).rejects.toThrow(/profile of 4 designs/);
  });

  it('is a DeviceError where hardly any design fits into memory', async () => {
    const compile = (...asked: Parameters<typeof kernels.compile>) => {
      if (asked[0].steps.length > 3) throw new DeviceError('no memory');
      return kernels.compile(...asked);
    };
    await expect(profileWith({ kernels: { ...kernels, compile } })).rejects.toThrow(
      /^only 0 of the designs fit into memory/,
    );
  });
});

describe('what was measured while the machine was slow', () => {
  /** Slow while the first three networks are measured, on a clock that only work moves. */
  function slowAtFirst() {
    let nowMs = 0;
    let compiled = 0; // the yardstick first
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    onTestFinished(() => void vi.restoreAllMocks());
    const compile = (...asked: Parameters<typeof kernels.compile>) => {
      compiled += 1;
      const forward = () => {
        nowMs += asked[0].steps.length * (compiled <= 4 ? 2 : 1);
      };
      return { ...kernels.compile(...asked), forward };
    };
    return { ...kernels, compile };
  }

  it('is measured again once it has been seen at its fastest', async () => {
    const slowed: (number | undefined)[] = [];
    const { measurements } = await profileWith({
      kernels: slowAtFirst(),
      progress: (progress) => void slowed.push(progress.slowed),
    });
    expect(slowed.filter((left) => left !== undefined)).toEqual([3, 2, 1]);
    for (const { network: one, p50S, yardstickS } of measurements) {
      expect(p50S).toBeCloseTo(workOf(one).calls / 1000, 9);
      expect(yardstickS).toBe(measurements[4]?.yardstickS);
    }
  });

  it('keeps its energy when the meter is lost before it is measured again', async () => {
    const { measurements } = await profileWith({
      kernels: slowAtFirst(),
      meter: meterFor(3),
      idleMs: 1,
    });
    const metered = measurements.map(({ energy }) => energy !== undefined);
    expect(metered.slice(0, 3)).toEqual([true, true, false]);
  });
});

describe('a profile on disk', () => {
  const path = join(folder, 'profile.json');
  const read = (by = engine) => parseProfile(readFileSync(path, 'utf8'), path, by);
  let profile: Profile;
  beforeAll(async () => {
    profile = await profileWith();
    writeProfile(path, profile);
  });

  it('is read as it was written, with nothing beside it', () => {
    expect(read()).toEqual(profile);
    expect(readdirSync(folder)).toEqual(['profile.json']);
  });

  it('tells the same of designs after it was read', () => {
    const asked = designs.slice(0, 3);
    const before = predictorOf(profile, regressors).predict(asked);
    expect(predictorOf(read(), regressors).predict(asked)).toEqual(before);
    expect(before[0]?.p50S?.mean).toBeGreaterThan(0);
    expect(before[0]?.memoryBytes).toBeGreaterThan(0);
  });

  it('is refused by another engine, with both versions', () => {
    const other = engineIdentity(kernels, '2.0.0');
    expect(() => read(other)).toThrow(DeviceError);
    expect(() => read(other)).toThrow(/1\.2\.3.*2\.0\.0/);
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, text.length / 2)],
    ['another kind of file', () => '{"format": "something else"}'],
    ['a latency below 0', (text: string) => text.replace(/"p50S": /, '"p50S": -')],
    ['no file of ours at all', () => 'time,power\n'],
  ])('is refused in one line when it is %s', (_what, spoil) => {
    const spoilt = spoil(readFileSync(path, 'utf8'));
    expect(() => parseProfile(spoilt, 'spoilt.json', engine)).toThrow(ConfigError);
    expect(() => parseProfile(spoilt, 'spoilt.json', engine)).toThrow(/^spoilt\.json[^\n]+$/);
  });
});

describe('predictorOf', () => {
  let measured: Profile;
  beforeAll(async () => {
    measured = await profileWith();
  });

  it('asks for the coordinates that the profile was fitted on', () => {
    const fitted = { features: 'embedding', regressor: 'nearest', mape: 0, mse: 0 } as const;
    const predictor = predictorOf({ ...measured, regressors: { p50S: [fitted] } }, regressors);
    expect(() => predictor.predict([{ network: network(1) }])).toThrow(ConfigError);
  });

  it('marks energy as modelled where no meter was, and the device is known', () => {
    const profile = { ...measured, device: { ...measured.device, kind: 'pi-4b' } };
    const [told] = predictorOf(profile, regressors).predict(designs.slice(0, 1));
    expect(told?.energyJ?.modelled).toMatch(/idle .*busy/);
    expect(told?.energyJ?.epistemic).toBeGreaterThan(0);
    expect(told?.p50S?.modelled).toBeUndefined();
  });

  it('tells nothing of energy where no source has the power of the device', () => {
    const profile = { ...measured, device: { ...measured.device, kind: 'x86' } };
    const [told] = predictorOf(profile, regressors).predict(designs.slice(0, 1));
    expect(told?.energyJ).toBeUndefined();
  });
});
