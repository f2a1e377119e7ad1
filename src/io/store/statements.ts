// Every SQL statement of the store, prepared once per connection.
import type { Database } from 'better-sqlite3';

export interface ScoreRow {
  readonly time_ms: number;
  readonly score: number | null;
  readonly level: number | null;
  readonly anomalous: number;
  readonly quiet: number;
}

export interface BodyRow {
  readonly sequence: number;
  readonly body: string;
}

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export type Statements = ReturnType<typeof prepareStatements>;

export function prepareStatements(db: Database) {
  return {
    ...scoreStatements(db),
    ...alertStatements(db),
    ...outboxStatements(db),
    ...decisionStatements(db),
    ...rowStatements(db),
  };
}

function scoreStatements(db: Database) {
  return {
    addStream: db.prepare<[string]>('INSERT OR IGNORE INTO stream (name) VALUES (?)'),
    streamId: db.prepare<[string], number>('SELECT id FROM stream WHERE name = ?').pluck(),
    streams: db.prepare<[], { readonly id: number; readonly name: string }>(
      'SELECT id, name FROM stream',
    ),
    newestScore: db
      .prepare<[number, number], number | null>(
        'SELECT max(time_ms) FROM score WHERE stream = ? AND time_ms <= ?',
      )
      .pluck(),
    addScore: db.prepare<[number, number, number, number, number, number]>(
      'INSERT OR REPLACE INTO score (stream, time_ms, score, level, anomalous, quiet) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    scores: db.prepare<[string, number, number], ScoreRow>(
      `SELECT time_ms, score, level, anomalous, quiet FROM score
       WHERE stream = (SELECT id FROM stream WHERE name = ?) AND time_ms BETWEEN ? AND ? ORDER BY time_ms`,
    ),
    // bound numbers are floats, and division has to give integers
    peaks: db.prepare<
      { stream: string; fromMs: number; toMs: number; stepMs: number },
      { readonly timeMs: number; readonly score: number }
    >(
      `SELECT time_ms / CAST(@stepMs AS INTEGER) * CAST(@stepMs AS INTEGER) AS timeMs, max(score) AS score FROM score
       WHERE stream = (SELECT id FROM stream WHERE name = @stream) AND time_ms BETWEEN @fromMs AND @toMs
         AND score IS NOT NULL GROUP BY 1 ORDER BY 1`,
    ),
    dropScores: db.prepare<{
      stream: number;
      afterMs: number;
      beforeMs: number;
      atMostMs: number;
    }>(
      `DELETE FROM score WHERE stream = @stream AND time_ms > @afterMs AND time_ms < min(@beforeMs,
         (SELECT min(time_ms) FROM score WHERE stream = @stream AND time_ms > @afterMs) + @atMostMs)`,
    ),
    ...thinningStatements(db),
    quietStretches: db.prepare<[string, number, number], Stretch>(
      `SELECT min(time_ms) AS fromMs, max(time_ms) AS toMs FROM (
         SELECT time_ms, quiet, row_number() OVER (ORDER BY time_ms)
           - row_number() OVER (PARTITION BY quiet ORDER BY time_ms) AS stretch FROM score
         WHERE stream = (SELECT id FROM stream WHERE name = ?) AND time_ms BETWEEN ? AND ?)
       WHERE quiet = 1 GROUP BY stretch ORDER BY fromMs`,
    ),
  };
}

/** Length of a bin, of which one row stays after thinning. Part of the SQL, since bound numbers are floats. */
const BIN_MS = 600_000;

/** Quiet rows stay: they mark stretches that training leaves out. */
function thinningStatements(db: Database) {
  const binOf = (timeMs: string): string => `CAST(${timeMs} AS INTEGER) / ${BIN_MS}`;
  return {
    /** Time of the first row that shares its bin with a later one. Uses the index, and stops at the first. */
    firstCrowded: db
      .prepare<{ stream: number; beforeMs: number }, number>(
        `SELECT time_ms FROM score AS early WHERE stream = @stream AND quiet = 0
         AND time_ms < @beforeMs AND ${binOf('time_ms')} < ${binOf('@beforeMs')}
         AND EXISTS (SELECT 1 FROM score WHERE stream = @stream AND quiet = 0
           AND time_ms > early.time_ms AND time_ms < (${binOf('early.time_ms')} + 1) * ${BIN_MS})
         ORDER BY time_ms LIMIT 1`,
      )
      .pluck(),
    thin: db.prepare<{ stream: number; fromMs: number; atMostMs: number; beforeMs: number }>(
      `DELETE FROM score WHERE stream = @stream AND time_ms IN (
         SELECT time_ms FROM (
           SELECT time_ms, row_number() OVER
             (PARTITION BY ${binOf('time_ms')} ORDER BY score DESC, time_ms) AS place FROM score
           WHERE stream = @stream AND quiet = 0 AND time_ms >= @fromMs AND time_ms < ${BIN_MS} * min(
             ${binOf('@beforeMs')}, ${binOf('@fromMs + @atMostMs')}))
         WHERE place > 1)`,
    ),
  };
}

function alertStatements(db: Database) {
  return {
    addAlert: db.prepare<[string, string, string, number, string]>(
      'INSERT INTO alert (id, stream, state, time_ms, body) VALUES (?, ?, ?, ?, ?)',
    ),
    alerts: db.prepare<[string, number, number], BodyRow>(
      'SELECT sequence, body FROM alert WHERE stream = ? AND time_ms BETWEEN ? AND ? ORDER BY sequence',
    ),
    openAlerts: db.prepare<[string], BodyRow>(
      `SELECT sequence, body FROM alert AS newest WHERE stream = ? AND state <> 'closed'
       AND sequence = (SELECT max(sequence) FROM alert WHERE id = newest.id) ORDER BY sequence`,
    ),
    states: db.prepare<[string], BodyRow>(
      'SELECT sequence, body FROM alert WHERE id = ? ORDER BY sequence',
    ),
    newestStates: db.prepare<[string], BodyRow>(
      `SELECT sequence, body FROM alert AS newest WHERE stream = ?
       AND sequence = (SELECT max(sequence) FROM alert WHERE id = newest.id)`,
    ),
    /** Uses the index: one look for each stream. */
    alertStreams: db
      .prepare<[], string>(
        `WITH RECURSIVE found (name) AS (SELECT min(stream) FROM alert UNION ALL
           SELECT (SELECT min(stream) FROM alert WHERE stream > name) FROM found WHERE name IS NOT NULL)
         SELECT name FROM found WHERE name IS NOT NULL`,
      )
      .pluck(),
    newestAlert: db
      .prepare<[string, number], number | null>(
        'SELECT max(time_ms) FROM alert WHERE stream = ? AND time_ms <= ?',
      )
      .pluck(),
    dropAlerts: db.prepare<{
      stream: string;
      afterMs: number;
      beforeMs: number;
      limit: number;
    }>(
      `DELETE FROM alert WHERE sequence IN (
         SELECT old.sequence FROM alert AS old
         WHERE stream = @stream AND time_ms > @afterMs AND time_ms < @beforeMs
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.alert = old.sequence)
         AND 'closed' = (SELECT state FROM alert WHERE id = old.id ORDER BY sequence DESC LIMIT 1)
         LIMIT @limit)`,
    ),
  };
}

function outboxStatements(db: Database) {
  return {
    queue: db.prepare<[string, number | bigint, number, number]>(
      'INSERT INTO outbox (sink, alert, queued_ms, waited_ms) VALUES (?, ?, ?, ?)',
    ),
    unsent: db.prepare<[string, number], BodyRow>(
      `SELECT outbox.sequence, body FROM outbox JOIN alert ON alert.sequence = outbox.alert
       WHERE sink = ? AND set_aside IS NULL ORDER BY outbox.sequence LIMIT ?`,
    ),
    markSent: db.prepare<[number, string]>('DELETE FROM outbox WHERE sequence = ? AND sink = ?'),
    dropOldest: db.prepare<{ sink: string; limit: number }>(
      `DELETE FROM outbox WHERE sink = @sink AND set_aside IS NULL AND sequence <=
       (SELECT sequence FROM outbox WHERE sink = @sink AND set_aside IS NULL
        ORDER BY sequence DESC LIMIT 1 OFFSET @limit)`,
    ),
    addWaiting: db.prepare<[number]>('UPDATE outbox SET waited_ms = waited_ms + ?'),
    /** Entries that were set aside wait for a decision of a person. */
    dropExpired: db.prepare<[number]>(
      'DELETE FROM outbox WHERE waited_ms > ? AND set_aside IS NULL',
    ),
    ...outboxCareStatements(db),
  };
}

export interface QueueRow {
  readonly sink: string;
  readonly waiting: number;
  readonly aside: number;
  readonly oldestMs: number | null;
}

export interface AsideRow {
  readonly sequence: number;
  readonly sink: string;
  readonly id: string;
  readonly stream: string;
  readonly state: string;
  readonly queued_ms: number;
  readonly set_aside: string;
}

/** An outbox entry with the id of its alert. */
export interface EntryRow {
  readonly sequence: number;
  readonly sink: string;
  readonly alert: number;
  readonly id: string;
}

/** For repairs by a person. */
function outboxCareStatements(db: Database) {
  const entries = `SELECT outbox.sequence, sink, outbox.alert, alert.id
    FROM outbox JOIN alert ON alert.sequence = outbox.alert`;
  return {
    queues: db.prepare<[], QueueRow>(
      `SELECT sink, sum(set_aside IS NULL) AS waiting, sum(set_aside IS NOT NULL) AS aside,
         min(iif(set_aside IS NULL, queued_ms, NULL)) AS oldestMs FROM outbox GROUP BY sink ORDER BY sink`,
    ),
    aside: db.prepare<[], AsideRow>(
      `SELECT outbox.sequence, sink, id, stream, state, queued_ms, set_aside
       FROM outbox JOIN alert ON alert.sequence = outbox.alert
       WHERE set_aside IS NOT NULL ORDER BY outbox.sequence`,
    ),
    setAside: db.prepare<[string, number, string]>(
      'UPDATE outbox SET set_aside = ? WHERE sequence = ? AND sink = ?',
    ),
    dropOldestAside: db.prepare<{ sink: string; limit: number }>(
      `DELETE FROM outbox WHERE sink = @sink AND set_aside IS NOT NULL AND sequence <=
       (SELECT sequence FROM outbox WHERE sink = @sink AND set_aside IS NOT NULL
        ORDER BY sequence DESC LIMIT 1 OFFSET @limit)`,
    ),
    asideOf: db.prepare<[string], EntryRow>(
      `${entries} WHERE sink = ? AND set_aside IS NOT NULL ORDER BY outbox.sequence`,
    ),
    asideAt: db.prepare<[number], EntryRow>(
      `${entries} WHERE outbox.sequence = ? AND set_aside IS NOT NULL`,
    ),
    entriesOf: db.prepare<[string], EntryRow>(`${entries} WHERE sink = ? ORDER BY outbox.sequence`),
    /** Also for another sink; waiting starts anew. */
    putBack: db.prepare<[string, number, number]>(
      'UPDATE outbox SET sink = ?, set_aside = NULL, waited_ms = ? WHERE sequence = ?',
    ),
    isQueued: db
      .prepare<[string, number], number>('SELECT 1 FROM outbox WHERE sink = ? AND alert = ?')
      .pluck(),
    laterStates: db.prepare<[string, number], BodyRow>(
      'SELECT sequence, body FROM alert WHERE id = ? AND sequence > ? ORDER BY sequence DESC',
    ),
    dropEntries: db.prepare<[string]>('DELETE FROM outbox WHERE sink = ?'),
    dropAside: db.prepare<[string]>('DELETE FROM outbox WHERE sink = ? AND set_aside IS NOT NULL'),
  };
}

function decisionStatements(db: Database) {
  return {
    putDecision: db.prepare<[string, string, string]>(
      'INSERT OR REPLACE INTO decision (kind, name, body) VALUES (?, ?, ?)',
    ),
    removeDecision: db.prepare<[string, string]>(
      'DELETE FROM decision WHERE kind = ? AND name = ?',
    ),
    decisions: db
      .prepare<[string], string>('SELECT body FROM decision WHERE kind = ? ORDER BY sequence')
      .pluck(),
    decisionNames: db.prepare<[string], string>('SELECT name FROM decision WHERE kind = ?').pluck(),
    dropAcknowledgements: db.prepare<[]>(
      `DELETE FROM decision WHERE kind = 'acknowledged'
       AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.id = decision.name)`,
    ),
  };
}

export interface RowsRow {
  readonly channels: string;
  readonly body: Uint8Array;
}

function rowStatements(db: Database) {
  return {
    keepRows: db.prepare<[string, string, Uint8Array]>(
      'INSERT OR REPLACE INTO alert_rows (alert, channels, body) VALUES (?, ?, ?)',
    ),
    rowsOf: db.prepare<[string], RowsRow>('SELECT channels, body FROM alert_rows WHERE alert = ?'),
    dropRowsOfNone: db.prepare<[]>(
      'DELETE FROM alert_rows WHERE NOT EXISTS (SELECT 1 FROM alert WHERE alert.id = alert_rows.alert)',
    ),
    /** Deletes the oldest, so that the rest has at most so many bytes. */
    dropOldestRows: db.prepare<[number]>(
      `DELETE FROM alert_rows WHERE sequence IN (SELECT sequence FROM (
         SELECT sequence, sum(length(body)) OVER (ORDER BY sequence DESC) AS bytes FROM alert_rows)
       WHERE bytes > ?)`,
    ),
  };
}
