// Whether an alert is like one that a person called normal, belongs to a routine, or says no more than the alert of a hard limit
// that is open: then it is kept and not sent, until it differs.
import { type Alert, SEVERITY_RANK } from '../../core/alert.ts';
import type { AlertPattern, NormalAnswer, Routine } from '../../core/decisions.ts';
import { concerns, isLike, joined } from '../../detection/alerts/pattern.ts';
import type { NormalAnswers } from './normal-answers.ts';
import type { Routines } from './routines.ts';

/** What an alert is like, as a mark of its states. */
export type LikenessMark = Pick<Alert, 'normal'> | Pick<Alert, 'routine'> | Pick<Alert, 'limit'>;

export interface Likeness {
  /**
   * The mark of the alert's next state; undefined = it is like nothing, or no longer. `earlier` are the states that were saved.
   * To be called once for each state: remembers what is open.
   */
  markOf(alert: Alert, earlier: readonly Alert[]): LikenessMark | undefined;
  /** What each alert of a stream is like that is open and marked, by its id. */
  keptBack(streamId: string): ReadonlyMap<string, AlertPattern>;
  /** To be called when an answer or a routine was added or removed: `alert` is open and concerned. */
  review(alert: Alert, earlier: readonly Alert[]): void;
}

export interface LikenessParts {
  readonly answers: NormalAnswers;
  readonly routines: Routines;
  readonly openAlerts: (streamId: string) => readonly Alert[];
  readonly states: (alertId: string) => readonly Alert[];
}

interface Like {
  readonly mark: LikenessMark;
  readonly pattern: AlertPattern;
}

/** What no alert is like: one that was kept back because of what is gone differs at once. */
const NOTHING: AlertPattern = { channels: [], height: 0, modelId: '' };

export function createLikeness(parts: LikenessParts): Likeness {
  const { answers, routines } = parts;
  const byStream = new Map<string, Map<string, AlertPattern>>();
  const openOf = (streamId: string): Map<string, AlertPattern> => {
    const known = byStream.get(streamId);
    if (known) return known;
    const left = new Map<string, AlertPattern>();
    byStream.set(streamId, left);
    for (const alert of parts.openAlerts(streamId)) {
      if (isMarked(alert)) left.set(alert.id, likeOf(alert, [alert], parts)?.pattern ?? NOTHING);
    }
    return left;
  };
  /** What was kept back because of a limit is on its own when that one has ended. */
  const release = ({ id, streamId }: Alert): void => {
    const open = openOf(streamId);
    for (const alert of parts.openAlerts(streamId)) {
      if (alert.limit === id && open.has(alert.id)) open.set(alert.id, NOTHING);
    }
  };
  const ended = (alert: Alert): void => {
    if (alert.kind === 'limit') release(alert);
    if (alert.kind !== 'anomaly') return;
    answers.ended(alert);
    routines.ended(alert);
  };
  return {
    markOf(alert, earlier) {
      const open = openOf(alert.streamId);
      open.delete(alert.id);
      if (alert.state === 'closed') ended(alert);
      const like = likeOf(alert, earlier, parts);
      if (!like) return undefined;
      if ('routine' in like.mark && like.mark.routine) {
        routines.seen(like.mark.routine, alert.startMs);
      }
      if (alert.state !== 'closed') open.set(alert.id, like.pattern);
      return like.mark;
    },
    keptBack: openOf,
    review(alert, earlier) {
      const open = openOf(alert.streamId);
      const like = likeOf(alert, earlier, parts);
      if (like) open.set(alert.id, like.pattern);
      else if (open.has(alert.id)) open.set(alert.id, NOTHING);
    },
  };
}

/** Whether it is kept back for what it is like. */
export function isMarked({ normal, routine, limit }: Alert): boolean {
  return normal !== undefined || routine !== undefined || limit !== undefined;
}

function likeOf(alert: Alert, earlier: readonly Alert[], parts: LikenessParts): Like | undefined {
  if (alert.kind !== 'anomaly') return undefined; // e.g. a limit of the configuration, which holds at any hour
  const limited = likeLimits(alert, parts.openAlerts(alert.streamId));
  if (limited) return limited;
  const { answers, routines } = parts;
  const answer = answers.of(alert.id);
  if (!mayBecomeQuiet(earlier, answer)) return undefined;
  const { streamId, startMs } = alert;
  const known = [
    ...answers.inForce(streamId, startMs).map(likeAnswer),
    ...routines.inForce(streamId, startMs).map(likeRoutine),
  ];
  const one = known.find(({ pattern }) => isLike(pattern, alert));
  if (one) return one;
  const together = likeSeveral(alert, known);
  if (together) return together;
  const isNew = earlier.length === 0 && alert.state === 'opened';
  const routine = isNew ? routines.completedBy(alert) : undefined;
  return routine && likeRoutine(routine);
}

/**
 * What was sent before stays loud: people have to hear how it goes on. Unless it was marked until now, or called normal after
 * it was last sent.
 */
function mayBecomeQuiet(earlier: readonly Alert[], answer: NormalAnswer | undefined): boolean {
  const last = earlier.at(-1);
  if (!last || isMarked(last) || earlier.every(({ silenced }) => silenced)) return true;
  return answer !== undefined && earlier.slice(answer.states).every(({ silenced }) => silenced);
}

/** All channels that it blames are beyond hard limits, and the alerts of these are as grave: people have been told. */
function likeLimits(alert: Alert, open: readonly Alert[]): Like | undefined {
  const limits = open.filter(
    ({ kind, severity }) =>
      kind === 'limit' && SEVERITY_RANK[severity] >= SEVERITY_RANK[alert.severity],
  );
  const channels = limits.flatMap((limit) =>
    limit.channels.map(
      ({ id, unit }) => ({ id, unit, side: 'both', low: null, high: null }) as const,
    ),
  );
  const pattern: AlertPattern = { channels, height: 0, modelId: '' }; // of no model: however high
  if (!isLike(pattern, alert)) return undefined;
  const first = limits.find(({ channels: [limited] }) => limited?.id === alert.channels[0]?.id);
  return { mark: { limit: (first ?? limits[0])?.id ?? '' }, pattern };
}

/** Two jobs at the same time blame the channels of both. */
function likeSeveral(alert: Alert, known: readonly Like[]): Like | undefined {
  const concerned = known.filter(({ pattern }) => concerns(pattern, alert));
  const [first] = concerned;
  const patterns = concerned.map(({ pattern }) => pattern);
  const pattern = joined(patterns, (one, other) => one + other);
  if (!first || !pattern || !isLike(pattern, alert)) return undefined;
  return { mark: first.mark, pattern };
}

function likeAnswer({ alertId, pattern }: NormalAnswer): Like {
  return { mark: { normal: alertId }, pattern };
}

function likeRoutine({ id, pattern }: Routine): Like {
  return { mark: { routine: id }, pattern };
}
