import type { Exclusion } from '../../core/exclusion.ts';
import { readAlert } from './alert-body.ts';
import type { Statements } from './statements.ts';

/**
 * Stretches between `fromMs` and `toMs` in which a stream was silenced, under maintenance, or in an alert that nobody
 * called normal. An alert that is still open lasts until `toMs`; `presentMs` is the latest time that can be right.
 */
export function readExclusions(
  statements: Statements,
  streamId: string,
  [fromMs, toMs]: readonly [number, number],
  presentMs: number,
): readonly Exclusion[] {
  const normal = new Set(statements.decisionNames.all('normal'));
  const alerts = statements.newestStates
    .all(streamId)
    .map(({ body }) => readAlert(body))
    .filter((alert) => alert !== undefined)
    .filter(({ id }) => !normal.has(id))
    .map(({ id, startMs, endMs }) => ({
      fromMs: startMs,
      toMs: endMs === null ? toMs : endOf(statements, { id, startMs, endMs }, presentMs),
    }))
    .filter((alert) => alert.fromMs <= toMs && alert.toMs >= fromMs);
  const quiet = statements.quietStretches.all(streamId, Math.round(fromMs), Math.round(toMs));
  return [
    ...alerts.map((stretch) => ({ ...stretch, reason: 'alert' as const })),
    ...quiet.map((stretch) => ({ ...stretch, reason: 'quiet' as const })),
  ].sort((a, b) => a.fromMs - b.fromMs);
}

/** Where the clock went wrong in an alert, it ends when it was last seen before: else it would last for years, or not at all. */
function endOf(
  statements: Statements,
  { id, startMs, endMs }: { readonly id: string; readonly startMs: number; readonly endMs: number },
  presentMs: number,
): number {
  const isRight = (timeMs: number): boolean => timeMs >= startMs && timeMs <= presentMs;
  if (isRight(endMs) || startMs > presentMs) return endMs;
  const times = statements.states.all(id).flatMap(({ body }) => readAlert(body)?.timeMs ?? []);
  return Math.max(startMs, ...times.filter(isRight));
}
