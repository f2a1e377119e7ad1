// Rescues readable data of a corrupt database: alerts, unsent outbox entries and decisions. Scores and the rows around alerts
// are lost.
import SqliteDatabase, { type Database } from 'better-sqlite3';

interface AlertRow {
  readonly sequence: number;
  readonly id: string;
  readonly stream: string;
  readonly state: string;
  readonly time_ms: number;
  readonly body: string;
}

interface OutboxRow {
  readonly sequence: number;
  readonly sink: string;
  readonly alert: number;
  readonly queued_ms: number;
  readonly waited_ms: number;
  readonly set_aside: string | null;
}

interface DecisionRow {
  readonly sequence: number;
  readonly kind: string;
  readonly name: string;
  readonly body: string;
}

export interface Remains {
  readonly alerts: readonly AlertRow[];
  readonly decisions: readonly DecisionRow[];
  readonly outbox: readonly OutboxRow[];
}

/** Never throws; reads what it can. */
export function readRemains(path: string): Remains {
  let db: Database | undefined;
  try {
    db = new SqliteDatabase(path, { readonly: true, timeout: 0 });
    return readRemainsOf(db);
  } catch {
    return { alerts: [], decisions: [], outbox: [] }; // not a database at all
  } finally {
    db?.close();
  }
}

/** Never throws. For a lost file the open connection may read more than a new one. */
export function readRemainsOf(db: Database): Remains {
  return {
    alerts: readRows<AlertRow>(db, 'alert', 'sequence, id, stream, state, time_ms, body').filter(
      isWhole,
    ),
    decisions: readRows<DecisionRow>(db, 'decision', 'sequence, kind, name, body').filter(isWhole),
    outbox: readOutbox(db),
  };
}

/** The file may be of an older version, which lacks two columns. */
function readOutbox(db: Database): OutboxRow[] {
  const columns = 'sequence, sink, alert, queued_ms';
  const rows = readRows<OutboxRow>(db, 'outbox', `${columns}, waited_ms, set_aside`);
  if (rows.length > 0) return rows;
  return readRows<OutboxRow>(db, 'outbox', `${columns}, 0 AS waited_ms, NULL AS set_aside`);
}

/** Reads from both ends towards the broken page. */
function readRows<Row extends { readonly sequence: number }>(
  db: Database,
  table: string,
  columns: string,
): Row[] {
  const rows = new Map<number, Row>();
  for (const order of ['ASC', 'DESC']) {
    try {
      const all = db.prepare<[], Row>(`SELECT ${columns} FROM ${table} ORDER BY sequence ${order}`);
      for (const row of all.iterate()) {
        if (rows.has(row.sequence)) break; // rows from here on were read from the other end
        rows.set(row.sequence, row);
      }
    } catch {
      // The broken page; go on from the other end.
    }
  }
  return [...rows.values()].sort((a, b) => a.sequence - b.sequence);
}

export function restoreRemains(db: Database, { alerts, decisions, outbox }: Remains): void {
  const addAlert = db.prepare<AlertRow>(
    'INSERT OR IGNORE INTO alert VALUES (@sequence, @id, @stream, @state, @time_ms, @body)',
  );
  const addOutbox = db.prepare<OutboxRow>(
    'INSERT OR IGNORE INTO outbox VALUES (@sequence, @sink, @alert, @queued_ms, @waited_ms, @set_aside)',
  );
  const addDecision = db.prepare<DecisionRow>(
    'INSERT OR IGNORE INTO decision VALUES (@sequence, @kind, @name, @body)',
  );
  const kept = new Set<number>();
  db.transaction(() => {
    for (const row of alerts) {
      addAlert.run(row);
      kept.add(row.sequence);
    }
    for (const row of decisions) addDecision.run(row);
    for (const row of outbox) if (kept.has(row.alert)) addOutbox.run(row);
  }).immediate();
}

/** The next entry of the outbox gets a number above `past`, whatever was restored. */
export function skipSequences(db: Database, past: number): void {
  const known = db.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'outbox'");
  if (known.run(past).changes > 0) return;
  db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)").run(past);
}

/** Number of the newest entry that the outbox ever had; 0 = none, or unknown. Never throws. */
export function newestSequence(db: Database): number {
  try {
    const read = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");
    return read.pluck().get() ?? 0;
  } catch {
    return 0; // a broken page: the next alert finds it too, and replaces the file
  }
}

function isWhole({ body }: Pick<AlertRow, 'body'>): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false; // a part of it was on the broken page
  }
}
