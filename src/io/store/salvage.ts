// What can still be read of a corrupt database: its alerts, what was not sent of them, and what people decided. Scores
// and the rows around alerts are let go.
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
    return {
      alerts: readRows<AlertRow>(db, 'alert', 'sequence, id, stream, state, time_ms, body').filter(
        isWhole,
      ),
      decisions: readRows<DecisionRow>(db, 'decision', 'sequence, kind, name, body').filter(
        isWhole,
      ),
      outbox: readRows<OutboxRow>(db, 'outbox', 'sequence, sink, alert, queued_ms'),
    };
  } catch {
    return { alerts: [], decisions: [], outbox: [] }; // not a database at all
  } finally {
    db?.close();
  }
}

/** From both ends towards the broken page. */
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
        if (rows.has(row.sequence)) break; // the other end got this far
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
    // what came later starts anew: a corrupt file may be of an older version
    'INSERT OR IGNORE INTO outbox (sequence, sink, alert, queued_ms) VALUES (@sequence, @sink, @alert, @queued_ms)',
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

function isWhole({ body }: Pick<AlertRow, 'body'>): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false; // half of it was on the broken page
  }
}
