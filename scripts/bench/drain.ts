// How fast the outbox empties into a Mosquitto that was started without a configuration, over loopback, at QoS 1.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '../../src/core/alert.ts';
import type { Sink } from '../../src/core/sink.ts';
import { mqttSink } from '../../src/io/sinks/mqtt.ts';
import { startOutbox } from '../../src/io/store/outbox.ts';
import { openStore } from '../../src/io/store/sqlite-store.ts';
import { medianOf } from './timing.ts';

/** Medians, alert states a second. */
export interface Drain {
  readonly statesPerS: number;
  /** With one state under way at a time. */
  readonly oneByOnePerS: number;
  /** Median of the quotients of neighbours. */
  readonly ratio: number;
}

const MOSQUITTO = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(
  (name) => spawnSync(name, ['-h']).error === undefined,
);

const ROUNDS = 5;
const STATES = 5000;
/** Enough to time what sends some twenty a second. */
const STATES_ONE_BY_ONE = 200;
const SINK_ID = 'mqtt';
const MOST_MS = 600_000;

/** undefined where there is no Mosquitto. The two ways take turns. */
export async function measureDrain(): Promise<Drain | undefined> {
  if (MOSQUITTO === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-drain-'));
  try {
    const many = fill(join(folder, 'many.db'), STATES);
    const few = fill(join(folder, 'few.db'), STATES_ONE_BY_ONE);
    const rounds: { readonly atOnce: number; readonly oneByOne: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const atOnce = await statesPerS(many, STATES, (sink) => sink);
      const oneByOne = await statesPerS(few, STATES_ONE_BY_ONE, (sink) => ({
        ...sink,
        inFlight: 1,
      }));
      rounds.push({ atOnce, oneByOne });
    }
    return {
      statesPerS: Math.round(medianOf(rounds.map(({ atOnce }) => atOnce))),
      oneByOnePerS: Math.round(medianOf(rounds.map(({ oneByOne }) => oneByOne))),
      ratio: Math.round(medianOf(rounds.map(({ atOnce, oneByOne }) => atOnce / oneByOne))),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function drainTable(drain: Drain | undefined): string {
  if (!drain) return 'Outbox: not measured, mosquitto is not installed\n';
  const { statesPerS, oneByOnePerS, ratio } = drain;
  return `Outbox into a default Mosquitto on loopback, QoS 1; medians of ${ROUNDS} rounds, taking turns
  ${STATES} alert states           ${statesPerS} states/s
  one at a time (${STATES_ONE_BY_ONE})         ${oneByOnePerS} states/s  ${ratio}x slower
`;
}

function fill(path: string, states: number): string {
  const store = openStore(path, { outboxLimit: states });
  for (let n = 0; n < states; n += 1) store.addAlert(alertOf(n), [SINK_ID]);
  store.close();
  return path;
}

/** Drains a copy of what `path` holds. */
async function statesPerS(path: string, states: number, as: (sink: Sink) => Sink): Promise<number> {
  const copy = `${path}.copy`;
  copyFileSync(path, copy);
  const broker = await startBroker();
  const store = openStore(copy, { outboxLimit: states });
  const options = mqttSink.options.parse({ broker: { url: `mqtt://127.0.0.1:${broker.port}` } });
  let connected = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const sink = mqttSink.create(options, {
    ...{ node: 'bench', version: '0', streams: [{ id: 'motor', channels: [] }] },
    ...{ log: () => undefined, ready: connected },
  });
  await ready;
  const startMs = performance.now();
  const pump = startOutbox({
    store,
    sinks: [as(sink)],
    onFault: (_, error) => console.error(error),
  });
  try {
    const left = await pump.drain(MOST_MS);
    if (left > 0) throw new Error(`${left} of ${states} alert states were left in the outbox`);
    return states / ((performance.now() - startMs) / 1000);
  } finally {
    await pump.stop();
    await sink.close();
    store.close();
    rmSync(copy);
    broker.stop();
  }
}

async function startBroker() {
  const port = await freePort();
  const child: ChildProcess = spawn(MOSQUITTO ?? '', ['-p', `${port}`], { stdio: 'ignore' });
  while (!(await answers(port))) await sleep(25);
  return { port, stop: () => child.kill() };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function alertOf(n: number): Alert {
  const startMs = Date.UTC(2026, 0, 1) + 1000 * n;
  const channels = ['vibration', 'current', 'temperature'].map((id) => {
    return { id, unit: '', share: 1 / 3, value: 9.1, expected: 3.2 };
  });
  return {
    ...{ id: `anomaly-motor-${n >> 1}`, kind: 'anomaly', streamId: 'motor', severity: 'warning' },
    ...{ timeMs: startMs, startMs, score: 1.8, peak: 2.4, level: 0.03, imputed: 0 },
    ...(n % 2 === 0
      ? { state: 'opened' as const, endMs: null }
      : { state: 'closed' as const, endMs: startMs }),
    ...{ channels, modelId: '0123456789abcdef' },
  };
}
