import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { constantResolution, leastStep } from '../../../src/detection/alerts/resolution.ts';
import { UsualRanges } from '../../../src/detection/alerts/usual-ranges.ts';
import { policy, times } from './rows.ts';

const channels = [
  { id: 'temperature', unit: '°C' },
  { id: 'pressure', unit: 'hPa' },
];
const scaler = { kind: 'standard', offset: [20, 1013.2], scale: [1, 10.132], clip: 10 };

/** 19 to 21 °C in steps of .5, always 1013.2 hPa. */
function known(): UsualRanges {
  const usual = new UsualRanges({ channels, intervalMs: 1000 });
  for (let row = 0; row < 300; row += 1) {
    usual.learn(row * 1000, Float64Array.of(19 + (row % 5) / 2, 1013.2));
  }
  return usual;
}

interface Reading {
  readonly temperature?: number;
  readonly pressure?: number;
  /** °C */
  readonly expected?: number;
  readonly beyondSeen?: number;
}

type Options = Parameters<typeof policy>[0];

/** All that is reported of rows with twice the level, and these readings. */
function reported(
  readings: readonly Reading[],
  options: Options = {},
  usual = known(),
  resume: readonly Alert[] = [],
) {
  const target = policy(options, { channels, scaler, usual, resume });
  const startMs = 400_000 + (resume[0]?.startMs ?? 0);
  return readings.flatMap((reading, row) => {
    const { temperature = 20, pressure = 1013.2, expected = 20, beyondSeen } = reading;
    const value = 2;
    const scaled = [temperature - 20, (pressure - 1013.2) / 10.132];
    const window = {
      ...{ streamId: 's', endMs: startMs + row * 1000, length: 1, width: 2, imputed: 0 },
      values: Float32Array.from(scaled),
      latest: Float64Array.of(temperature, pressure),
    };
    const score = {
      value,
      perChannel: Float32Array.of(1, 1),
      expected: Float32Array.of(expected - 20, 0),
    };
    const beyond = beyondSeen === undefined ? {} : { beyondSeen };
    const verdict = { anomalous: true, level: 1, ...beyond };
    return target.step(window, score, verdict);
  });
}

/** Alerts that open with ten such rows. */
function opened(reading: Reading, options: Options = {}, usual = known()) {
  const alerts = reported(times(10, reading), options, usual);
  return alerts.filter(({ state }) => state === 'opened');
}

/** The last severity that is reported with ten such rows, and ten others after them. */
function severity(reading: Reading, then = reading, options: Options = {}): string | undefined {
  return reported([...times(10, reading), ...times(10, then)], options).at(-1)?.severity;
}

describe('a row over the level counts (#19)', () => {
  it('when a channel that it blames has left its usual range', () => {
    expect(opened({ temperature: 25, beyondSeen: 0.5 })).toHaveLength(1);
  });

  it('while all are within their ranges only from withinRangesAt on', () => {
    const within = { temperature: 20.5, expected: 19 };
    expect(opened({ ...within, beyondSeen: 1.4 })).toEqual([]);
    expect(opened({ ...within, beyondSeen: 1.5 })).toHaveLength(1);
    expect(opened({ ...within, beyondSeen: 1.4 }, { withinRangesAt: 1.2 })).toHaveLength(1);
    expect(opened({ ...within, beyondSeen: 0.1 }, { withinRangesAt: 0 })).toHaveLength(1);
  });

  it('by its height over the level where no normal rows are known', () => {
    expect(opened({ temperature: 20.5, expected: 19 })).toHaveLength(1);
    expect(opened({ temperature: 20.5, expected: 19 }, { withinRangesAt: 3 })).toEqual([]);
  });

  it('not for one step of a channel, however high its score', () => {
    expect(opened({ temperature: 21.5, expected: 20.6, beyondSeen: 1e5 })).toEqual([]);
    expect(opened({ pressure: 1013.3, beyondSeen: 1e5 })).toEqual([]);
    expect(opened({ temperature: 22, expected: 20.6, beyondSeen: 0.5 })).toHaveLength(1);
    expect(opened({ temperature: 21.5, expected: 20.4, beyondSeen: 0.5 })).toHaveLength(1);
    expect(opened({ pressure: 1013.5, beyondSeen: 0.5 })).toHaveLength(1);
  });

  it('not for one step of a channel beside another that is within its range', () => {
    const within = { temperature: 20.5, expected: 19, beyondSeen: 0.5 };
    expect(opened({ ...within, pressure: 1013.3 })).toEqual([]);
    expect(opened({ ...within, pressure: 1013.5 })).toHaveLength(1);
  });

  it('where a channel has no reading, or too few readings are known to tell', () => {
    expect(opened({ temperature: Number.NaN, beyondSeen: 0.5 })).toHaveLength(1);
    const unknown = new UsualRanges({ channels, intervalMs: 1000 });
    expect(opened({ beyondSeen: 0.5 }, {}, unknown)).toHaveLength(1);
  });
});

describe('how high an alert is counts for its severity (#19)', () => {
  const within = { temperature: 20.5, expected: 19, beyondSeen: 5 };
  const far = { temperature: 23, beyondSeen: 5 };

  it('when a channel that it blames is half a deviation outside of its usual range', () => {
    expect(severity(far)).toBe('critical');
    expect(severity({ ...far, beyondSeen: 2 })).toBe('warning');
    expect(severity({ ...far, temperature: 21.15, expected: 19 })).toBe('info');
  });

  it('not while all are within their ranges, unless ranges do not matter', () => {
    expect(severity(within)).toBe('info');
    expect(severity(within, within, { withinRangesAt: 0 })).toBe('critical');
  });

  it('from the row on in which one leaves its range', () => {
    expect(severity(within, far)).toBe('critical');
    expect(severity(far, within)).toBe('critical');
  });

  it('from that row on also after a restart, which itself confirms nothing', () => {
    const left = opened(within);
    expect(left.map((alert) => alert.severity)).toEqual(['info']);
    const resumed = (reading: Reading) =>
      reported(times(10, reading), { remindAfterMs: 1000, remindEveryMs: 1000 }, known(), left);
    const { id } = left[0] as Alert;
    expect(resumed(within).at(-1)).toMatchObject({ id, severity: 'info', reminder: true });
    expect(resumed(far)[0]).toMatchObject({ id, state: 'updated', severity: 'critical' });
  });
});

describe('the smallest change that a channel can show', () => {
  it('is the least difference between two successive readings, beyond rounding', () => {
    expect(leastStep(times(10, [21, 21, 21.5, 23]).flat())).toBe(0.5);
    expect(leastStep(times(20, [0.1 + 0.2, 0.3, 0.4]).flat())).toBeCloseTo(0.1);
    expect(leastStep(times(10, [21, Number.NaN, 21.5, Number.NaN]).flat())).toBeUndefined();
  });

  it('is not known of a channel that rests and rarely jumps', () => {
    expect(leastStep([...times(300, 0.5), 0.59, 0.5])).toBeUndefined();
  });

  it('is a unit of the last decimal of a constant, at most a hundredth of it', () => {
    expect(constantResolution(1013.2)).toBeCloseTo(0.1);
    expect(constantResolution(-230)).toBe(1);
    expect(constantResolution(1)).toBe(0.01);
    expect(constantResolution(0)).toBe(0);
  });

  it('is half a percent at least of a share in percent', () => {
    const shares = [{ id: 'memory.cached', unit: '%' }];
    const usual = new UsualRanges({ channels: shares, intervalMs: 1000 });
    for (let row = 0; row < 300; row += 1) {
      usual.learn(row * 1000, Float64Array.of(20 + row / 1000));
    }
    expect(usual.resolutionOf(0)).toBe(0.5);
    for (const step of [2, 3]) usual.learn(0, Float64Array.of(20 + step));
    expect(usual.resolutionOf(0)).toBe(0.5);
  });

  it('survives a restart, and is learnt anew where an earlier release did not note it', () => {
    const state = known().state();
    expect(state.map(({ step }) => step)).toEqual([0.5, undefined]);
    const setup = { channels, intervalMs: 1000 };
    const restored = new UsualRanges({ ...setup, known: state });
    expect([0, 1].map((c) => restored.resolutionOf(c))).toEqual([0.5, expect.closeTo(0.1)]);
    const older = state.map(({ step: _, ...rest }) => rest);
    const anew = new UsualRanges({ ...setup, known: older });
    expect(anew.resolutionOf(0)).toBe(0);
    for (const reading of times(20, [20, 20.5]).flat()) {
      anew.learn(0, Float64Array.of(reading, 1013.2));
    }
    expect(anew.resolutionOf(0)).toBe(0.5);
  });
});
