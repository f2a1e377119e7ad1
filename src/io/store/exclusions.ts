import type { Alert } from '../../core/alert.ts';
import type { Exclusion } from '../../core/exclusion.ts';
import type { Statements } from './statements.ts';

/**
 * Stretches between `fromMs` and `toMs` in which a stream was silenced, under maintenance, or in an alert that nobody
 * called normal. An alert that is still open lasts until `toMs`.
 */
export function readExclusions(
  statements: Statements,
  streamId: string,
  [fromMs, toMs]: readonly [number, number],
): readonly Exclusion[] {
  const normal = new Set(statements.decisionNames.all('normal'));
  const alerts = statements.newestStates
    .all(streamId)
    .map(({ body }) => JSON.parse(body) as Alert) // written by `addAlert`
    .filter(({ id }) => !normal.has(id))
    .map((alert) => ({ fromMs: alert.startMs, toMs: alert.endMs ?? toMs }))
    .filter((alert) => alert.fromMs <= toMs && alert.toMs >= fromMs);
  const quiet = statements.quietStretches.all(streamId, Math.round(fromMs), Math.round(toMs));
  return [
    ...alerts.map((stretch) => ({ ...stretch, reason: 'alert' as const })),
    ...quiet.map((stretch) => ({ ...stretch, reason: 'quiet' as const })),
  ].sort((a, b) => a.fromMs - b.fromMs);
}
