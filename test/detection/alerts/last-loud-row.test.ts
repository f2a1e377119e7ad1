// Where an anomaly ends that another policy goes on with: after a restart, or under another model.
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { policy, run, times } from './rows.ts';

const HOUR_MS = 3_600_000;
const quick = { openCount: 1, openWithin: 1, closeAfter: 2, coolDownMs: 0 };

describe('an anomaly that another policy goes on with', () => {
  it('ends with its last loud row, also when another model took over before the quiet', () => {
    const first = policy({ ...quick, updateFactor: 2 });
    const [opened] = run(first, [2, ...times(600, 3)]) as [Alert];
    const left = first.left(opened);
    expect(left).toMatchObject({ id: opened.id, state: 'opened', timeMs: 600_000, peak: 3 });
    const second = policy(quick, { resume: [left], modelId: 'next' });
    const [closed] = run(second, [0, 0], 601_000);
    expect(closed).toMatchObject({ state: 'closed', startMs: 0, endMs: 600_000, peak: 3 });
    expect(first.left({ ...opened, id: 'of another policy' }).timeMs).toBe(0);
  });

  it('ends with its last loud row after a restart, too, and is reminded of as if there had been none', () => {
    const options = { ...quick, remindAfterMs: HOUR_MS, remindEveryMs: 0 };
    const first = policy({ ...options, updateFactor: 2 });
    const [opened] = run(first, [2, ...times(600, 3)]) as [Alert];
    const again = () =>
      policy(options, { resume: [opened], openUntil: new Map([[opened.id, 600_000]]) });
    const [closed] = run(again(), [0, 0], 900_000);
    expect(closed).toMatchObject({ state: 'closed', startMs: 0, endMs: 600_000 });
    expect(run(again(), times(2, 2), HOUR_MS - 1000)).toMatchObject([
      { state: 'updated', timeMs: HOUR_MS, reminder: true },
    ]);
  });
});
