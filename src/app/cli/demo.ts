// `sentigon demo`: a first look for a new user.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { EmbeddedBroker } from '../../io/broker/embedded.ts';
import { onDisk } from '../../io/files/written-file.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import { alertText } from '../alerts/alert-text.ts';
import {
  type DemoEvents,
  type DemoSetup,
  learn,
  NODE,
  openRecording,
  replayBadDay,
  STREAM,
  startDemoBroker,
  watchBeside,
} from '../demo/demo.ts';
import { faultTable } from '../demo/fault-outcomes.ts';
import { type Row, table, type Verdict } from '../demo/verdict.ts';
import { createLog } from '../log.ts';
import { listenForStop } from '../process/stop.ts';
import { PACKAGED } from './data-sets.ts';
import { numberOption, seedOption } from './options.ts';
import { createProgress } from './progress.ts';

interface DemoOptions {
  readonly port: number;
  readonly speed: number;
  readonly seed: number;
  readonly json?: true;
}

export function demoCommand(): Command {
  return new Command('demo')
    .option(
      '--port <n>',
      'port of the embedded broker; if it is in use, any free one',
      numberOption,
      1883,
    )
    .option(
      '--speed <x>',
      'seconds of the recording per second; 0 = as fast as possible',
      numberOption,
      150,
    )
    .option('--seed <n>', 'seed of the training', seedOption, 1)
    .option('--json', 'progress, alerts and result as JSON lines')
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const stop = listenForStop();
  const state = onDisk(tmpdir(), () => mkdtempSync(join(tmpdir(), 'sentigon-demo-')));
  const log = createLog({
    level: 'warn',
    style: 'terminal',
    write: (line) => void process.stderr.write(line),
  });
  const setup: DemoSetup = { ...options, datasets: PACKAGED, state, log, signal: stop.signal };
  const broker = await startDemoBroker(options.port);
  try {
    await tellStory(openRecording(PACKAGED), broker, setup, options.json === true);
  } finally {
    await broker.close();
    rmSync(state, { recursive: true, force: true });
    stop.release();
  }
}

async function tellStory(
  data: LabelledSeries,
  broker: EmbeddedBroker,
  setup: DemoSetup,
  json: boolean,
): Promise<void> {
  const say = (text: string, fields: unknown): void =>
    void process.stdout.write(`${json ? JSON.stringify(fields) : text}\n`);
  const progress = createProgress(json ? process.stdout : process.stderr, 'training', json);
  const events: DemoEvents = {
    training: (fraction, loss) => progress.update(fraction, `loss ${loss.toFixed(3)}`, { loss }),
    trained({ id, card: { rows, durationS } }) {
      progress.end();
      say(`Trained on ${rows} normal rows in ${durationS.toFixed(1)} s: model ${id}.`, {
        trained: { id, rows, durationS },
      });
    },
    received: (event) => say(alertText(event), { event }),
  };
  say(opening(data, broker), { broker: broker.url });
  const model = await learn(data, setup, events);
  setup.signal.throwIfAborted();
  say(
    `\nReplaying ${minutes(data.test.timeMs)} minutes with ${data.segments.length} faults at ${setup.speed}x. The subscriber receives:\n`,
    {
      replaying: { rows: data.test.timeMs.length, faults: data.segments.length },
    },
  );
  const own: Row = { name: 'GON', verdict: await replayBadDay(data, model, broker, setup, events) };
  setup.signal.throwIfAborted();
  const rows = [own, ...(await watchBeside(data, broker, setup))];
  say(`\n${outcome(own.verdict)}\n\n${table(rows)}\n${closing()}`, { result: rows });
}

function opening({ train }: LabelledSeries, { url }: EmbeddedBroker): string {
  const port = new URL(url).port;
  return `A recorded machine: ${train.channels.length} channels, ${minutes(train.timeMs)} minutes of normal work to learn from.
The broker listens on ${url}; in another terminal:
  mosquitto_sub -p ${port} -t 'sentigon/${NODE}/${STREAM}/event'`;
}

function outcome({ events, caught, falseAlarms, faults }: Verdict): string {
  const outside =
    falseAlarms === 0 ? 'and none outside of faults' : `and ${falseAlarms} outside of faults`;
  return `An alert opened in ${caught} of ${events} faults, ${outside}.\n\n${faultTable(faults)}`;
}

function closing(): string {
  return `
To watch this machine, live:
  npx sentigon run
It learns for half an hour, then publishes to sentigon/<host name>/host/event; 'npx sentigon config example' prints a configuration to start from.`;
}

function minutes(timeMs: Float64Array): number {
  return Math.round(((timeMs.at(-1) ?? 0) - (timeMs[0] ?? 0)) / 60_000);
}
