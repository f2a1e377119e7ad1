// All that people decided, over one store, and which alert states are sent for it.
import type { Alert } from '../../core/alert.ts';
import type { Standing } from '../../core/control.ts';
import type { AlertPattern } from '../../core/decisions.ts';
import type { Store } from '../../core/store.ts';
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts';
import { createLikeness, isMarked, type Likeness, type LikenessMark } from './likeness.ts';
import { createNormalAnswers, type NormalAnswers, takeOver } from './normal-answers.ts';
import { createQuiet, type Quiet } from './quiet.ts';
import { createRoutines, type Routines } from './routines.ts';

export interface Decided {
  readonly quiet: Quiet;
  readonly answers: NormalAnswers;
  readonly routines: Routines;
  readonly acknowledgements: Acknowledgements;
  /** The alert as it is to be saved: marked when it is not to be sent. */
  muted(alert: Alert): Alert;
  /** Alerts of a stream that opened in a silence and are still open after it, to be sent as opened now. */
  outlasting(streamId: string): readonly Alert[];
  /** Alerts of a stream that were sent and have not ended. */
  heard(streamId: string): readonly Alert[];
  /** What each open alert of a stream is like that is kept back as normal or as a routine, by its id. */
  keptBack(streamId: string): ReadonlyMap<string, AlertPattern>;
  /** An open alert is followed: what gives it as it is now, or undefined when it has closed. */
  follow(alertId: string, asOfNow: (() => Alert) | undefined): void;
  /** The alert as it is now, which may have no state of its own. */
  asOfNow(alert: Alert): Alert;
  /** To be called when an answer or a routine was added or removed: open alerts follow it from their next row on. */
  review(streamId: string): void;
  /** Answers of an earlier release, which lifted the level of a stream: kept as patterns, and removed because the alert is gone. */
  readonly takenOver: { readonly kept: number; readonly removed: number };
  standing(streamId: string): Standing;
}

export function openDecided(
  store: Pick<Store, 'decisions' | 'states' | 'openAlerts' | 'alerts'>,
  now: () => number,
): Decided {
  const { decisions } = store;
  const states = (alertId: string): readonly Alert[] => store.states(alertId);
  const openAlerts = (streamId: string): readonly Alert[] => store.openAlerts(streamId);
  const takenOver = takeOver(decisions, states, now());
  const answers = createNormalAnswers(decisions, now);
  const routines = createRoutines({
    ...{ decisions, now },
    history: (...span) => store.alerts(...span),
    isNormal: (alertId) => answers.of(alertId) !== undefined,
  });
  const likeness = createLikeness({ answers, routines, openAlerts, states });
  const followed = new Map<string, () => Alert>();
  const quiet = createQuiet(decisions, now);
  const acknowledgements = createAcknowledgements(decisions, now);
  const parts = { quiet, acknowledgements, likeness, states };
  return {
    ...{ quiet, acknowledgements, answers, routines, takenOver },
    muted: (alert) => muted(alert, parts),
    outlasting: (streamId) =>
      quiet.holds(streamId, now()) ? [] : outlasting(openAlerts(streamId), parts),
    heard: (streamId) => openAlerts(streamId).filter(({ id }) => !isUnheard(states(id))),
    keptBack: likeness.keptBack,
    follow(alertId, asOfNow) {
      if (asOfNow) followed.set(alertId, asOfNow);
      else followed.delete(alertId);
    },
    asOfNow: (alert) => followed.get(alert.id)?.() ?? alert,
    review(streamId) {
      for (const alert of openAlerts(streamId)) likeness.review(alert, states(alert.id));
    },
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
  readonly likeness: Pick<Likeness, 'markOf'>;
  /** States of an alert that were saved before. */
  readonly states: (alertId: string) => readonly Alert[];
}

/**
 * The alert to save, which is sent unless it is marked as silenced. Of each alert people get both the beginning and the
 * end, or neither: if an alert is still open when the silence ends, it is sent as opened then.
 */
export function muted(alert: Alert, parts: MutingParts): Alert {
  const { quiet, acknowledgements, likeness } = parts;
  const saved = parts.states(alert.id);
  const unheard = alert.state !== 'opened' && isUnheard(saved);
  const mark = likeness.markOf(alert, saved);
  if (alert.state === 'closed') return unheard ? silenced(alert, mark) : alert;
  if (mark || quiet.holds(alert.streamId, alert.timeMs)) return silenced(alert, mark);
  if (unheard) return { ...alert, state: 'opened' };
  return acknowledgements.cover(alert) ? silenced(alert, undefined) : alert;
}

/** Alerts that opened in a silence and are still open after it, to be sent as opened now. */
export function outlasting(open: readonly Alert[], parts: MutingParts): readonly Alert[] {
  return open
    .filter((alert) => !isMarked(alert) && isUnheard(parts.states(alert.id)))
    .map(({ silenced: _, ...alert }) => ({ ...alert, state: 'opened' }));
}

/** Whether none of the saved states was sent. An alert without any was sent by a daemon whose disk was full. */
function isUnheard(saved: readonly Alert[]): boolean {
  return saved.length > 0 && saved.every(({ silenced }) => silenced);
}

function silenced(alert: Alert, mark: LikenessMark | undefined): Alert {
  return { ...alert, ...mark, silenced: true };
}
