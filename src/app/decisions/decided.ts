// All that people decided, over one store, and which alert states are sent for it.
import type { Alert } from '../../core/alert.ts';
import type { Standing } from '../../core/control.ts';
import type { Store } from '../../core/store.ts';
import {
  type Acknowledgements,
  createAcknowledgements,
  createFeedback,
  type Feedback,
} from './alert-decisions.ts';
import { createQuiet, type Quiet } from './quiet.ts';

export interface Decided {
  readonly quiet: Quiet;
  readonly feedback: Feedback;
  readonly acknowledgements: Acknowledgements;
  /** The alert as it is to be saved: marked when it is not to be sent. */
  muted(alert: Alert): Alert;
  /** Alerts of a stream that opened in a silence and are still open after it, to be sent as opened now. */
  outlasting(streamId: string): readonly Alert[];
  /** Alerts of a stream that were sent and have not ended. */
  heard(streamId: string): readonly Alert[];
  standing(streamId: string): Standing;
}

export function openDecided(
  store: Pick<Store, 'decisions' | 'states' | 'openAlerts'>,
  now: () => number,
): Decided {
  const quiet = createQuiet(store.decisions, now);
  const acknowledgements = createAcknowledgements(store.decisions, now);
  const parts = { quiet, acknowledgements, states: (id: string) => store.states(id) };
  return {
    quiet,
    acknowledgements,
    feedback: createFeedback(store.decisions),
    muted: (alert) => muted(alert, parts),
    outlasting: (streamId) =>
      quiet.holds(streamId, now()) ? [] : outlasting(store.openAlerts(streamId), parts),
    heard: (streamId) => store.openAlerts(streamId).filter(({ id }) => !isUnheard(id, parts)),
    standing: (streamId) => ({
      silencedUntilMs: quiet.silencedUntilMs(streamId),
      maintenance: quiet.maintenance(streamId),
      acknowledged: acknowledgements.of(streamId),
    }),
  };
}

interface MutingParts {
  readonly quiet: Quiet;
  readonly acknowledgements: Acknowledgements;
  /** States of an alert that were saved before. */
  readonly states: (alertId: string) => readonly Alert[];
}

/**
 * The alert to save, which is sent unless it is marked as silenced. Of each alert people get both the beginning and the
 * end, or neither: if an alert is still open when the silence ends, it is sent as opened then.
 */
export function muted(alert: Alert, parts: MutingParts): Alert {
  const { quiet, acknowledgements } = parts;
  const unheard = alert.state !== 'opened' && isUnheard(alert.id, parts);
  if (alert.state === 'closed') return unheard ? silenced(alert) : alert;
  if (quiet.holds(alert.streamId, alert.timeMs)) return silenced(alert);
  if (unheard) return { ...alert, state: 'opened' };
  return acknowledgements.cover(alert) ? silenced(alert) : alert;
}

/** Alerts that opened in a silence and are still open after it, to be sent as opened now. */
export function outlasting(open: readonly Alert[], parts: MutingParts): readonly Alert[] {
  return open
    .filter(({ id }) => isUnheard(id, parts))
    .map(({ silenced: _, ...alert }) => ({ ...alert, state: 'opened' }));
}

/** Whether no state of an alert was sent. One without any saved state was sent by a daemon whose disk was full. */
function isUnheard(alertId: string, { states }: MutingParts): boolean {
  const saved = states(alertId);
  return saved.length > 0 && saved.every(({ silenced }) => silenced);
}

function silenced(alert: Alert): Alert {
  return { ...alert, silenced: true };
}
