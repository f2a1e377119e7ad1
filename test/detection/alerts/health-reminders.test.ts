import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { create, fine, type Reading, run, without } from './health.ts';

describe('health-check: reminders (#21)', () => {
  const remind = { remindAfterMs: 60_000, remindEveryMs: 100_000 };

  it('come while a channel stays silent, as those of anomalies do', () => {
    const target = create({}, [], remind);
    run(target, 0, 10, fine);
    const [opened, ...more] = run(target, 10, 300, without(1));
    expect(opened).not.toHaveProperty('reminder');
    expect(more.map(({ timeMs }) => (timeMs - (opened?.startMs ?? 0)) / 1000)).toEqual([
      60, 160, 260,
    ]);
    for (const one of more) {
      expect(one).toMatchObject({ id: opened?.id, state: 'updated', reminder: true });
    }
    expect(run(target, 300, 310, fine)[0]).not.toHaveProperty('reminder');
  });

  it('come while a channel is stuck, and go on after a restart', () => {
    const still: Reading = (s) => [s, Math.min(s, 50), s];
    const target = create({ stuckAfterMs: 20_000 }, [], remind);
    const [opened, first] = run(target, 0, 120, still);
    expect([opened?.kind, first?.reminder]).toEqual(['stuck', true]);
    const later = create({ stuckAfterMs: 20_000 }, [first as Alert], remind);
    const again = run(later, 120, 230, still);
    expect(again.map(({ reminder, timeMs }) => [reminder, timeMs - (first?.timeMs ?? 0)])).toEqual([
      [true, 100_000],
    ]);
  });
});
