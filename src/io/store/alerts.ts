// Alerts in the database, and what people decided about them.
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import type { DecisionKinds, Decisions, MarkedStretch } from '../../core/decisions.ts';
import type { Exclusion } from '../../core/series.ts';
import type { HistoryFile } from './history-file.ts';
import type { Statements } from './statements.ts';

interface AlertCommit {
  readonly alert: Alert;
  readonly sinkIds: readonly string[];
  /** Most entries a sink may have waiting. */
  readonly outboxLimit: number;
  readonly nowMs: number;
  /** Time since waiting was last counted, milliseconds: the new entries start below 0 by it. */
  readonly uncountedMs: number;
}

/**
 * Writes an alert and its outbox entries to the disk, in one transaction; returns how many older entries were dropped for
 * them.
 */
export function commitAlert(db: Database, statements: Statements, commit: AlertCommit): number {
  // NORMAL would leave the commit in the cache of the system, where a power cut loses it.
  db.pragma('synchronous = FULL');
  try {
    return db.transaction(() => addAlert(statements, commit)).immediate();
  } finally {
    db.pragma('synchronous = NORMAL');
  }
}

function addAlert(statements: Statements, commit: AlertCommit): number {
  const { id, streamId, state, timeMs } = commit.alert;
  const body = JSON.stringify(commit.alert);
  const added = statements.addAlert.run(id, streamId, state, Math.round(timeMs), body);
  let dropped = 0;
  for (const sink of commit.sinkIds) {
    statements.queue.run(sink, added.lastInsertRowid, commit.nowMs, -commit.uncountedMs);
    dropped += statements.dropOldest.run({ sink, limit: commit.outboxLimit }).changes;
  }
  return dropped;
}

/**
 * Stretches between `fromMs` and `toMs` that a person marked, or in which a stream was silenced, under maintenance, or in an
 * alert that was neither called normal, nor like one that was, nor accepted. A hard limit says nothing about what is normal: a
 * disk may be full for weeks. An open alert lasts until `toMs`; `presentMs` is the latest time that can be correct.
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
    .filter(({ id, kind, outcome, normal: isLikeNormal }) => {
      return kind !== 'limit' && outcome !== 'accepted' && !normal.has(id) && !isLikeNormal;
    })
    .map(({ id, startMs, endMs }) => ({
      fromMs: startMs,
      toMs: endMs === null ? toMs : endOf(statements, { id, startMs, endMs }, presentMs),
    }))
    .filter((alert) => alert.fromMs <= toMs && alert.toMs >= fromMs);
  const marked = statements.decisions
    .all('anomaly')
    .map((text) => JSON.parse(text) as MarkedStretch) // `put` has written it
    .filter((stretch) => stretch.streamId === streamId)
    .filter((stretch) => stretch.fromMs <= toMs && stretch.toMs >= fromMs);
  const quiet = statements.quietStretches.all(streamId, Math.round(fromMs), Math.round(toMs));
  return [
    ...alerts.map((stretch) => ({ ...stretch, reason: 'alert' as const })),
    ...quiet.map((stretch) => ({ ...stretch, reason: 'quiet' as const })),
    ...marked.map((one) => ({ fromMs: one.fromMs, toMs: one.toMs, reason: 'marked' as const })),
  ].sort((a, b) => a.fromMs - b.fromMs);
}

/** An alert whose end has a wrong time ends with its last correct time: it would last for years otherwise, or not at all. */
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

/** JSON has no NaN and no infinity: `addAlert` writes both as null. */
const figure = z.number().nullable();

const channels = z.array(
  z.looseObject({
    id: z.string(),
    unit: z.string(),
    share: figure,
    value: figure,
    expected: figure,
    usual: z.looseObject({ low: figure, high: figure }).optional(),
  }),
);

/** Further keys of a newer program are kept. */
const body = z.looseObject({
  id: z.string(),
  kind: z.string(),
  streamId: z.string(),
  state: z.enum(['opened', 'updated', 'closed']),
  severity: z.enum(['info', 'warning', 'critical']),
  timeMs: z.number(),
  startMs: z.number(),
  endMs: figure,
  score: figure,
  peak: figure,
  level: figure,
  channels,
  now: channels.optional(),
  processes: z
    .array(z.looseObject({ name: z.string(), pid: z.number(), share: figure }))
    .optional(),
  message: z.string().optional(),
  note: z.string().optional(),
  modelId: z.string(),
  imputed: figure,
});

/** undefined for a text that is not an alert: a failing SD card, or another program, may have changed it. */
export function readAlert(text: string): Alert | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return body.safeParse(found).success ? (found as Alert) : undefined; // just checked
  } catch {
    return undefined; // not JSON
  }
}

export function createDecisions(file: Pick<HistoryFile, 'run'>): Decisions {
  return {
    put: (kind, name, body) =>
      void file.run((statements) => statements.putDecision.run(kind, name, JSON.stringify(body))),
    remove: (kind, name) =>
      file.run((statements) => statements.removeDecision.run(kind, name).changes > 0),
    list<Kind extends keyof DecisionKinds>(kind: Kind) {
      const bodies = file.run((statements) => statements.decisions.all(kind));
      // `put` has written the bodies, with this shape
      return bodies.map((body) => JSON.parse(body) as DecisionKinds[Kind]);
    },
  };
}

/** Of states in their order, the newest one of each alert that is not closed. */
export function openOnes(states: readonly Alert[]): readonly Alert[] {
  const newest = new Map(states.map((alert) => [alert.id, alert]));
  return [...newest.values()].filter(({ state }) => state !== 'closed');
}
