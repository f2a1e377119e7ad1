import { describe, expect, it } from 'vitest';
import { streamFailure } from '../../../src/app/streams/stream-failure.ts';
import type { Watch } from '../../../src/app/streams/watch-context.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { SourceError } from '../../../src/core/errors.ts';

const MINUTE_MS = 60_000;
const failure = new SourceError('no such device', { code: 'SEN_SRC_FILES_MISSING' });

/** A stream that fails; what is saved and sent is kept in an array. */
function failing(open: readonly Alert[] = []) {
  const saved: Alert[] = [];
  let nowMs = Date.UTC(2026, 0, 1);
  const problems = { raise: () => undefined, clear: () => undefined };
  const dispatcher = {
    save: (alert: Alert) => void saved.push(alert),
    openAlerts: () => open,
    daemonControl: { problems },
  } as unknown as Watch['dispatcher'];
  const remind = { remindAfterMs: 60 * MINUTE_MS, remindEveryMs: 120 * MINUTE_MS };
  const context = { dispatcher, onAlert: () => undefined };
  const stream = streamFailure('pump', context, { remind, now: () => nowMs });
  return {
    ...{ saved, stream },
    /** Every ten minutes, the longest pause between two attempts. */
    fail(minutes: number): void {
      for (let minute = 0; minute < minutes; minute += 10) {
        stream.raise(failure, 1 + minute / 10, 10 * MINUTE_MS);
        nowMs += 10 * MINUTE_MS;
      }
    },
  };
}

describe('the alert of a stream that has failed', () => {
  it('reminds while the stream fails, as anomalies do, and ends when it runs (#21)', () => {
    const { saved, stream, fail } = failing();
    fail(310);
    stream.clear();
    const [opened] = saved;
    const told = saved.map(({ state, reminder = false, timeMs }) => {
      return [state, reminder, (timeMs - (opened?.startMs ?? 0)) / MINUTE_MS];
    });
    expect(told).toEqual([
      ['opened', false, 0],
      ['updated', true, 60],
      ['updated', true, 180],
      ['updated', true, 300],
      ['closed', false, 310],
    ]);
  });

  it('goes on with its reminders after a restart', () => {
    const first = failing();
    first.fail(70);
    const second = failing(first.saved.slice(-1));
    second.fail(130); // from the same time on
    expect(second.saved.map(({ timeMs, startMs }) => (timeMs - startMs) / MINUTE_MS)).toEqual([]);
    second.fail(60);
    expect(second.saved).toMatchObject([{ state: 'updated', reminder: true }]);
  });
});
