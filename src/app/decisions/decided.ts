// All that people decided, over one store.
import type { Alert } from '../../core/alert.ts';
import type { Standing } from '../../core/control.ts';
import type { Store } from '../../core/store.ts';
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts';
import { createFeedback, type Feedback } from './feedback.ts';
import { isUnheard, muted, outlasting } from './muting.ts';
import { createQuiet, type Quiet } from './quiet.ts';

export interface Decided {
  readonly quiet: Quiet;
  readonly feedback: Feedback;
  readonly acknowledgements: Acknowledgements;
  /** The alert as it is to be saved: marked when it is not to be sent. */
  muted(alert: Alert): Alert;
  /** Alerts of a stream that opened in a silence which is over, as they are to be sent now. */
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
