// Several alerts of a stream at once: an anomaly of other channels opens one of its own (#21).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { type AlertContext, createAlertPolicy } from '../../../src/detection/alerts/policy.ts';
import { UsualRanges } from '../../../src/detection/alerts/usual-ranges.ts';

const NAMES = ['files', 'loopback', 'disk', 'forks', 'memory', 'load'];
const channels = NAMES.map((id) => ({ id, unit: '1' }));
const NONE = NAMES.map(() => 0);

type Parts = readonly number[];

/** Rows of one second whose channels contribute these parts of the level. */
function stream(context: Partial<AlertContext> = {}, options: object = {}) {
  const scaler = { kind: 'robust', offset: NONE, scale: NAMES.map(() => 1), clip: 10 };
  const base = { streamId: 's', channels, scaler, modelId: 'm' };
  const policy = createAlertPolicy(alertOptions.parse(options), { ...base, ...context });
  let row = 0;
  const told: Alert[] = [];
  return {
    told,
    policy,
    feed(rows: number, parts: (i: number) => Parts): readonly Alert[] {
      const from = told.length;
      for (let i = 0; i < rows; i++, row++) {
        const perChannel = Float32Array.from(parts(i), (part) => 2 * part);
        const value = perChannel.reduce((sum, part) => sum + part, 0);
        const window = {
          ...{ streamId: 's', endMs: row * 1000, length: 1, width: channels.length },
          ...{ values: perChannel, latest: Float64Array.from(perChannel), imputed: 0 },
        };
        const verdict = { anomalous: value > 2, level: 2 };
        told.push(
          ...policy.step(window, { value, perChannel, expected: Float32Array.from(NONE) }, verdict),
        );
      }
      return told.slice(from);
    },
    at: (first: number): number => (row = first),
  };
}

/** A fault in one channel that the detector spreads over the others. */
function fault(name: string, part: number, spread = 0.03): Parts {
  return NAMES.map((one) => (one === name ? part : spread));
}

function both(a: Parts, b: Parts): Parts {
  return a.map((part, c) => part + (b[c] as number));
}

function brief(alerts: readonly Alert[]): string {
  return alerts.map((one) => `${one.channels[0]?.id} ${one.state}`).join(', ');
}

describe('several alerts at once', () => {
  it('opens an alert of its own for other channels while one is open, which blames only these', () => {
    const target = stream();
    expect(brief(target.feed(200, () => fault('files', 1.2)))).toBe('files opened');
    const two = both(fault('files', 1.2), fault('loopback', 1.5));
    const [second, ...more] = target.feed(40, () => two);
    expect(more).toEqual([]);
    expect(second).toMatchObject({ state: 'opened', startMs: 200_000, timeMs: 202_000 });
    expect(second?.channels[0]?.id).toBe('loopback');
    expect(second?.channels.map(({ id }) => id)).not.toContain('files');
    expect(second?.score).toBeGreaterThan(1.4);
    expect(second?.score).toBeLessThan(1.9);
  });

  it('opens no other one while its channels stay in their ranges, however high they are (#21)', () => {
    const opened = (most: number, options: object = {}): string => {
      const usual = new UsualRanges({ channels, intervalMs: 1000 });
      for (let i = 0; i <= 200; i++) {
        usual.learn(
          0,
          Float64Array.from(NAMES, (name) => (i / 200) * (name === 'files' ? 1 : most)),
        );
      }
      const target = stream({ usual }, options);
      const files = brief(target.feed(200, () => fault('files', 1.2)));
      const two = both(fault('files', 1.2), fault('loopback', 4));
      return `${files}, ${brief(target.feed(40, () => two))}`;
    };
    expect(opened(1)).toBe('files opened, loopback opened');
    expect(opened(100)).toBe('files opened, ');
    expect(opened(100, { withinRangesAt: 0 })).toBe('files opened, loopback opened');
  });

  it('closes each by its own channels, in either order', () => {
    const [files, loopback] = [fault('files', 1.2), fault('loopback', 1.5)];
    const orders = [
      ['loopback', files],
      ['files', loopback],
    ] as const;
    for (const [first, remains] of orders) {
      const target = stream();
      target.feed(100, () => files);
      target.feed(100, () => both(files, loopback));
      expect(brief(target.feed(100, () => remains))).toBe(`${first} closed`);
      expect(target.feed(100, () => NONE).map(({ state }) => state)).toEqual(['closed']);
      expect(new Set(target.told.map(({ id }) => id)).size).toBe(2);
    }
  });

  it('keeps the first open while a stronger one lowers what its channels contribute', () => {
    const target = stream();
    target.feed(100, () => fault('files', 1.2));
    const lowered = both(fault('files', 0.75), fault('disk', 2.4));
    expect(brief(target.feed(200, () => lowered))).toBe('disk opened');
    expect(brief(target.feed(100, () => fault('files', 1.2)))).toBe('disk closed');
  });

  it.each([
    [
      'grows, and is spread in proportion',
      (i: number) => fault('files', 1.2 + i / 40, 0.1 + i / 480),
    ],
    ['stays, with noise in the others', (i: number) => fault('files', 2, 0.2 + 0.05 * (i % 3))],
    ['goes up and down', (i: number) => fault('files', 1.5 + (i % 7) / 3, 0.1 + (i % 7) / 45)],
    ['spreads slowly', (i: number) => fault('files', 2, 0.05 + i / 4000)],
  ])('opens no second one for a fault that %s', (_, parts) => {
    const target = stream();
    expect(brief(target.feed(600, parts)).replaceAll(/, files updated/g, '')).toBe('files opened');
  });

  it('takes the channels that a fault reaches within its first seconds', () => {
    const target = stream();
    target.feed(10, () => fault('disk', 1.5));
    const reached = both(fault('disk', 1.5), both(fault('load', 1.2), fault('memory', 0.9)));
    expect(
      brief(target.feed(200, () => reached)).replaceAll(/(, )?disk updated|load updated/g, ''),
    ).toBe('');
  });

  it('opens one for channels that were part of a fault, have been well for a minute, and rise again (#19)', () => {
    const target = stream();
    const spread = both(fault('files', 1.2), both(fault('disk', 0.5), fault('memory', 0.5)));
    expect(brief(target.feed(40, () => spread))).toBe('files opened');
    expect(target.feed(60, () => fault('files', 1.2))).toEqual([]);
    const again = both(fault('files', 1.2), both(fault('disk', 0.6), fault('memory', 0.6)));
    expect(brief(target.feed(20, () => again))).toMatch(/^(disk|memory) opened$/);
  });

  it('has four at most: what comes then joins the newest', () => {
    const target = stream();
    let sum: Parts = NONE;
    for (const name of NAMES) {
      sum = both(sum, fault(name, 1.5, 0.01));
      target.feed(60, () => sum);
    }
    expect(target.told.filter(({ state }) => state === 'opened').length).toBe(4);
    target.feed(60, () => NONE);
    expect(target.told.filter(({ state }) => state === 'closed').length).toBe(4);
  });

  it('goes on with all of them after a restart, and opens none anew', () => {
    const two = both(fault('files', 1.2), fault('loopback', 1.5));
    const before = stream();
    before.feed(100, () => fault('files', 1.2));
    before.feed(60, () => two);
    const open = before.told.filter(({ state }) => state === 'opened');
    expect(open.length).toBe(2);
    const after = stream({ resume: open });
    after.at(200);
    expect(after.feed(100, () => two)).toEqual([]);
    expect(brief(after.feed(100, () => fault('files', 1.2)))).toBe('loopback closed');
    expect(brief(after.feed(60, () => both(fault('files', 1.2), fault('disk', 1.5))))).toBe(
      'disk opened',
    );
    after.feed(100, () => NONE);
    const closed = after.told.filter(({ state }) => state === 'closed');
    expect(new Set(closed.map(({ id }) => id))).toEqual(
      new Set([...open, ...after.told].map(({ id }) => id)),
    );
  });

  it('closes all with their last scores when the stream ends', () => {
    const target = stream();
    target.feed(100, () => fault('files', 1.2));
    target.feed(60, () => both(fault('files', 1.2), fault('loopback', 1.5)));
    const last = target.policy.finish();
    expect(brief(last)).toBe('files closed, loopback closed');
    for (const { score } of last) expect(score).toBeLessThan(2);
    expect(target.policy.finish()).toEqual([]);
  });

  it('does not count channels within their limits', () => {
    const limits = { channels: { loopback: { minDeviation: 1e6 } } };
    const target = stream({}, limits);
    target.feed(100, () => fault('files', 1.2));
    expect(target.feed(20, () => both(fault('files', 1.2), fault('loopback', 1.5)))).toEqual([]);
    const disk = both(fault('files', 1.2), fault('disk', 1.5));
    expect(brief(target.feed(20, () => disk))).toBe('disk opened');
  });

  it('survives scores that are no numbers', () => {
    const target = stream();
    target.feed(50, () => fault('files', 1.2));
    expect(target.feed(5, () => NAMES.map(() => Number.NaN))).toEqual([]);
    expect(brief(target.feed(60, () => both(fault('files', 1.2), fault('disk', 1.5))))).toBe(
      'disk opened',
    );
  });

  it('has lives in order, with one id each, whatever the contributions', () => {
    const level = fc.constantFrom(0, 0, 0.1, 0.4, 1.1, 3);
    const phase = fc.record({
      rows: fc.integer({ min: 1, max: 60 }),
      parts: fc.array(level, { minLength: NAMES.length, maxLength: NAMES.length }),
    });
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 12 }), (phases) => {
        const target = stream();
        for (const { rows, parts } of phases) target.feed(rows, () => parts);
        requireLives([...target.told, ...target.policy.finish()]);
      }),
      { numRuns: 200 },
    );
  });
});

function requireLives(told: readonly Alert[]): void {
  const open = new Map<string, Alert>();
  const ended = new Set<string>();
  for (const alert of told) {
    expect(ended.has(alert.id)).toBe(false);
    expect(alert.state === 'opened').toBe(!open.has(alert.id));
    expect(alert.peak).toBeGreaterThanOrEqual(open.get(alert.id)?.peak ?? 1);
    open.set(alert.id, alert);
    if (alert.state === 'closed') ended.add(alert.id);
    expect(open.size - ended.size).toBeLessThanOrEqual(4);
  }
  expect(ended.size).toBe(open.size);
}
