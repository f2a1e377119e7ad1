// Which alert states are sent. Every one is kept; those that are not sent carry a mark.
import type { Alert } from '../../core/alert.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { Quiet } from './quiet.ts';

export interface MutingParts {
  readonly quiet: Quiet;
  readonly acknowledgements: Acknowledgements;
  /** States of an alert that were saved before. */
  readonly states: (alertId: string) => readonly Alert[];
}

/**
 * The alert as it is to be saved, and sent unless it is marked. Nobody is left with an alert that never ends, nor with
 * the end of one he never heard of: what opened in a silence is told of as opened if it outlasts it.
 */
export function muted(alert: Alert, parts: MutingParts): Alert {
  const { quiet, acknowledgements } = parts;
  const unheard = alert.state !== 'opened' && isUnheard(alert.id, parts);
  if (alert.state === 'closed') return unheard ? silenced(alert) : alert;
  if (quiet.holds(alert.streamId, alert.timeMs)) return silenced(alert);
  if (unheard) return { ...alert, state: 'opened' };
  return acknowledgements.cover(alert) ? silenced(alert) : alert;
}

/** Alerts that opened in a silence which is over, as they are to be told of now. */
export function outlasting(open: readonly Alert[], parts: MutingParts): readonly Alert[] {
  return open
    .filter(({ id }) => isUnheard(id, parts))
    .map(({ silenced: _, ...alert }) => ({ ...alert, state: 'opened' }));
}

/** Whether no state of an alert was sent. One without any saved state was sent by a daemon whose disk was full. */
export function isUnheard(alertId: string, { states }: MutingParts): boolean {
  const saved = states(alertId);
  return saved.length > 0 && saved.every(({ silenced }) => silenced);
}

function silenced(alert: Alert): Alert {
  return { ...alert, silenced: true };
}
