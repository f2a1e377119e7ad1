import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { receiveAlerts, startLastingBroker } from '../endurance/receiver.ts';
import { ROW_MS, writeSpikeStreams } from '../endurance/spikes.ts';
import type { Running } from '../sentigon.ts';
import { attack, type Ending, type Scene } from './harness.ts';
import { recording, SOURCES, speak } from './load.ts';

const RECORDED_S = 12;
/** 2026 in nanoseconds, which a Date cannot hold as milliseconds. */
const NANOSECONDS = 1.79e18;
const POISONED = 'poisoned';

attack('sources send times that no date can hold', ['mosquitto'], async (scene) => {
  const { url, heard } = await recordingsAndBroker(scene, {
    nanoseconds: csvOf(Array.from({ length: 40 }, (_, k) => `${NANOSECONDS + k * ROW_MS * 1e6}`)),
    endless: csvOf(
      Array.from({ length: 40 }, (_, k) => (k === 20 ? '1e400' : String(1e12 + k * ROW_MS))),
    ),
  });
  const csv = (name: string) => `{kind: csv, path: ${name}.csv, speed: 1}`;
  const sources = {
    ...{ recorded: SOURCES.recorded, spoken: SOURCES.spoken },
    ...{ nanoseconds: csv('nanoseconds'), endless: csv('endless') },
  };
  await writeSpikeStreams(scene.folder, url, sources, { sinks: '[{kind: mqtt}, {kind: log}]' });
  const first = scene.start();
  const spoken = speak(first);
  await first.until('"watching"');
  await sleep(1500);
  for (const time of [1e18, NANOSECONDS, -1e18, 8.64e15 + 1]) {
    first.child.stdin?.write(`${JSON.stringify({ time, a: 9 })}\n`);
    first.child.stdin?.write(`${JSON.stringify({ time, a: 0 })}\n`);
    await sleep(500);
  }
  await sleep(RECORDED_S * 1000);
  scene.check(/nanosecond|\bns\b/i.test(first.stdout()), 'no line names the unit of the times');
  spoken.stop();
  await scene.stop(first);
  scene.look(false);
  await startAgain(scene, heard);
});

attack('the outbox holds an entry that no sink can express', ['mosquitto'], async (scene) => {
  const { url, heard } = await recordingsAndBroker(scene, {});
  const sources = { recorded: SOURCES.recorded, spoken: SOURCES.spoken };
  await writeSpikeStreams(scene.folder, url, sources, { sinks: '[{kind: mqtt}, {kind: log}]' });
  const first = scene.start();
  await first.until('alert closed on');
  await scene.stop(first);
  scene.look(false);
  poison(scene.history);
  await startAgain(scene, heard);
});

/** The daemon must come up, live, send what waits, and say that something is wrong. */
async function startAgain(scene: Scene, heard: Ending['heard']) {
  writeFileSync(join(scene.folder, 'recorded.csv'), recording(4, { calmSeconds: 120, part: 9 }));
  const last = scene.start();
  const spoken = speak(last);
  await last.until('"watching"').catch(() => undefined); // told below
  await untilMoreOrDead(scene, last, heard);
  spoken.calm();
  const ending = { heard, health: 'any', settleMs: 20_000, either: POISONED } as const;
  await scene.end(last, ending);
}

async function untilMoreOrDead(scene: Scene, run: Running, heard: readonly unknown[]) {
  const before = heard.length;
  await scene.checkWithin(20_000, 'no alert arrives after the restart', () => {
    return heard.length > before + 8 || !scene.isAlive(run);
  });
}

async function recordingsAndBroker(scene: Scene, files: Readonly<Record<string, string>>) {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const all = { recorded: recording(RECORDED_S, { calmSeconds: 60 }), ...files };
  for (const [name, text] of Object.entries(all)) {
    writeFileSync(join(scene.folder, `${name}.csv`), text);
  }
  return { url, heard: await receiveAlerts(url) };
}

/** Rows of these times, the third of which is anomalous. */
function csvOf(times: readonly string[]): string {
  return `time,a\n${times.map((time, row) => `${time},${row === 2 ? 9 : 0}`).join('\n')}\n`;
}

/** As a release has left it that took such times: before all that comes later. */
function poison(history: string): void {
  const db = new SqliteDatabase(history);
  const row = db.prepare('SELECT stream, body FROM alert ORDER BY sequence LIMIT 1').get() as {
    readonly stream: string;
    readonly body: string;
  };
  const alert = {
    ...JSON.parse(row.body),
    id: POISONED,
    state: 'opened',
    timeMs: 1e18,
    startMs: 1e18,
  };
  const added = db
    .prepare('INSERT INTO alert (id, stream, state, time_ms, body) VALUES (?, ?, ?, ?, ?)')
    .run(alert.id, row.stream, alert.state, BigInt(1e18), JSON.stringify(alert));
  for (const sink of ['mqtt', 'log']) {
    db.prepare('INSERT INTO outbox (sink, alert, queued_ms) VALUES (?, ?, ?)').run(
      sink,
      added.lastInsertRowid,
      Date.now(),
    );
  }
  db.close();
}
