// The first minute: learn a recorded machine, replay its bad day through the whole daemon, hear of it over MQTT.
import { join } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import type { ScoreReport } from '../../core/sink.ts';
import { loadKernels } from '../../engine/kernels/load.ts';
import { type EmbeddedBroker, startBroker } from '../../io/broker/embedded.ts';
import { type MqttConnection, openMqtt } from '../../io/mqtt/connection.ts';
import { brokerOptions } from '../../io/mqtt/options.ts';
import type { AlertPayload } from '../../io/text/alert-payload.ts';
import { openDataset } from '../../lab/datasets/dataset.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import { trainInWorker } from '../../lab/training.ts';
import type { Model } from '../../models/model.ts';
import { type Config, configSchema } from '../config/schema.ts';
import { run } from '../daemon/daemon.ts';
import type { Log } from '../log.ts';
import { writeModel } from '../models/model-folder.ts';
import { builtInKinds } from '../plugins/kinds.ts';
import { createIntervals, judge, type Row, type Verdict } from './verdict.ts';
import { watchSeries } from './watch-series.ts';

/** The recording and where everything of the demo goes. */
export interface DemoSetup {
  readonly datasets: string;
  /** Folder for the model and the history. */
  readonly state: string;
  readonly seed: number;
  /** Seconds of the recording per second of the demo. */
  readonly speed: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Events of the demo while it runs. */
export interface DemoEvents {
  training(fraction: number, loss: number): void;
  trained(model: Model): void;
  /** One alert state, as the subscriber received it. */
  received(event: AlertPayload): void;
}

/** Name of the recording below the folder of data sets, and of the stream it is replayed as. */
const RECORDING = 'host-faults';
export const STREAM = 'host';
export const NODE = 'demo';

/** Detectors shown beside the GON, and what they are called in the table. */
const BESIDE = { pca: 'PCA-Q', 'range-count': 'range count' } as const;

export function openRecording(datasets: string): LabelledSeries {
  return openDataset(RECORDING, datasets).read(RECORDING);
}

/** Starts the broker of the demo: on the usual port, or on any free one when that is taken. */
export async function startDemoBroker(port: number): Promise<EmbeddedBroker> {
  try {
    return await startBroker({ port });
  } catch {
    return await startBroker({ port: 0 }); // another broker uses that port
  }
}

/** Trains on the normal part. */
export async function learn(
  data: LabelledSeries,
  setup: DemoSetup,
  events: DemoEvents,
): Promise<Model> {
  const model = await train('gon', data, setup, (fraction, loss) =>
    events.training(fraction, loss),
  );
  events.trained(model);
  return model;
}

/** Replays the test part through the daemon into the broker; the alerts that count are those the subscriber received. */
export async function replayBadDay(
  data: LabelledSeries,
  model: Model,
  broker: EmbeddedBroker,
  setup: DemoSetup,
  events: DemoEvents,
): Promise<Verdict> {
  const modelFile = join(setup.state, 'demo.safetensors');
  await writeModel(modelFile, model);
  const told = createIntervals();
  const reports: ScoreReport[] = [];
  const subscriber = await subscribe(broker.url, (event) => {
    events.received(event);
    told.note(event.id, Date.parse(event.ts), event.end === null ? null : Date.parse(event.end));
  });
  try {
    await run(demoConfig(modelFile, broker.url, setup), setup.signal, {
      log: setup.log,
      onReport: (report) => reports.push(report),
    });
  } finally {
    await subscriber.end();
  }
  return judge(data, told.all(), reports);
}

/** The same rows, threshold and alert policy with the detectors that any new one must beat. */
export async function watchBeside(
  data: LabelledSeries,
  { url }: EmbeddedBroker,
  setup: DemoSetup,
): Promise<Row[]> {
  const kernels = await loadKernels();
  const [stream] = demoConfig('', url, setup).streams;
  if (!stream) throw new RangeError('the demo has one stream');
  const rows: Row[] = [];
  for (const [kind, name] of Object.entries(BESIDE)) {
    const model = await train(kind, data, setup, () => undefined);
    const { alerts, reports } = await watchSeries(stream, model, data.test, kernels);
    const told = createIntervals();
    for (const { id, timeMs, endMs } of alerts) told.note(id, timeMs, endMs);
    rows.push({ name, verdict: judge(data, told.all(), reports) });
  }
  return rows;
}

function train(
  kind: string,
  data: LabelledSeries,
  { seed, signal }: DemoSetup,
  onProgress: (fraction: number, loss: number) => void,
): Promise<Model> {
  return trainInWorker(
    kind,
    data.train,
    {},
    {
      seed,
      intervalMs: data.intervalMs,
      signal,
      onProgress: ({ fraction, loss }) => onProgress(fraction, loss),
    },
  );
}

/** What a user's own configuration would say; everything else is the default. */
function demoConfig(model: string, url: string, setup: DemoSetup): Config {
  const path = join(setup.datasets, RECORDING, 'test.csv.gz');
  const written = configSchema.parse({
    node: NODE,
    state: setup.state,
    broker: { url },
    streams: [{ id: STREAM, source: { kind: 'csv', path, speed: setup.speed }, model }],
  });
  return { ...written, node: NODE, state: setup.state, kinds: builtInKinds };
}

/** Calls `onEvent` for each alert state that any node publishes below `sentigon/`. */
async function subscribe(
  url: string,
  onEvent: (event: AlertPayload) => void,
): Promise<MqttConnection> {
  const connection = await openMqtt(brokerOptions.parse({ url }), {
    role: 'subscriber',
    Failure: SourceError,
    onMessage: (_topic, payload) => onEvent(JSON.parse(payload.toString()) as AlertPayload),
  });
  await connection.subscribe(['sentigon/+/+/event']);
  return connection;
}
