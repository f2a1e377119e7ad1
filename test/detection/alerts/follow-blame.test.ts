import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { rowBlame } from '../../../src/detection/alerts/blame.ts';
import { type BlameContext, followBlame } from '../../../src/detection/alerts/follow-blame.ts';
import { alertOf } from '../../io/alerts.ts';
import { channels, policy, run, scaler, step } from './rows.ts';

function following(options: object = {}, resume: readonly Alert[] = []) {
  const followed: string[] = [];
  const context: BlameContext = {
    ...{ channels, scaler, resume, keptBack: () => new Map() },
    blame: rowBlame({ channels, scaler }),
    follow: (id, asOfNow) => void (asOfNow ? followed.push(id) : followed.splice(0)),
  };
  const life = followBlame(policy(options, { resume }), alertOptions.parse(options), context);
  return { life, followed };
}

describe('the blame of an alert over its life (#21)', () => {
  it('follows the newest rows only, also where a single row opens an alert', () => {
    const { life } = following({ openCount: 1, openWithin: 1, updateEveryMs: 0 });
    run(
      life,
      Array.from({ length: 30 }, () => 2),
    );
    const [updated] = step(life, 30_000, 40);
    expect(updated).toMatchObject({ state: 'updated' });
    expect(updated?.blamed?.find(({ id }) => id === 'cpu')?.high).toBe(4000);
  });

  it('does not follow an accepted alert after a restart: it has closed', () => {
    const accepted = alertOf('old', 'closed', { kind: 'anomaly', outcome: 'accepted' });
    const { life, followed } = following({}, [accepted]);
    run(life, [0.1, 0.1, 0.1], accepted.timeMs + 1000);
    expect(followed).toEqual([]);
  });
});
