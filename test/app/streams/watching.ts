// A stream that is watched without a store: what is saved and told is kept in arrays.
import { join } from 'node:path';
import type { Stream } from '../../../src/app/compose/stream.ts';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { complete } from '../../../src/app/config/load.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import { createLog } from '../../../src/app/log.ts';
import { writeModel } from '../../../src/app/models/model-folder.ts';
import type { OwnTrainings } from '../../../src/app/retraining/own-trainings.ts';
import { createRetrainingRegistry } from '../../../src/app/retraining/retraining-registry.ts';
import { createProblems, type Problems } from '../../../src/app/status/problems.ts';
import { prepare } from '../../../src/app/streams/prepare.ts';
import { createPulse } from '../../../src/app/streams/pulse.ts';
import { supervise } from '../../../src/app/streams/stream-supervisor.ts';
import type { Watch } from '../../../src/app/streams/watch-context.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { type Exclusion, rowOf, type Series } from '../../../src/core/series.ts';
import type { ScoreReport } from '../../../src/core/sink.ts';
import type { Source } from '../../../src/core/source.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createBackOff } from '../../../src/io/timing/back-off.ts';
import type { Model } from '../../../src/models/model.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { names } from '../daemon/setup.ts';
import { CHANNELS, machineModel, recorded } from '../recording.ts';

const faulty = recorded({ rows: 300, seed: 5, faults: [[200, 240]] });

/** A source from an array of rows; `onRow` may fail or wait. */
export function sourceOf(
  live: boolean,
  onRow: (row: number, signal: AbortSignal) => Promise<void> | void = () => undefined,
  series: Series = faulty,
): Source {
  let row = 0;
  return {
    id: 'array',
    live,
    channels: series.channels,
    async *samples(signal) {
      for (; row < series.timeMs.length; row++) {
        await onRow(row, signal);
        if (signal.aborted) return;
        const timeMs = series.timeMs[row] ?? 0;
        yield { streamId: 'machine', timeMs, values: rowOf(series, row) };
      }
    },
  };
}

interface Settings {
  readonly left?: readonly Alert[];
  readonly health?: Record<string, unknown>;
  /** Hard limits. */
  readonly limits?: Record<string, unknown>;
  /** What the configuration says of the source. */
  readonly configured?: Record<string, unknown>;
  readonly intervalMs?: number;
  readonly state?: string;
  readonly isQuiet?: (streamId: string, timeMs: number) => boolean;
  readonly normalHeight?: () => number;
  readonly falseAlarmsPerDay?: () => number;
  readonly reports?: ScoreReport[];
  readonly exclusions?: readonly Exclusion[];
  readonly retrain?: Record<string, unknown>;
  /** Kind of threshold; default: that of a configuration that names none. */
  readonly threshold?: string;
  readonly mostRows?: number;
  /** Those kept with alerts, by id. */
  readonly rows?: Map<string, Series>;
  readonly clockIsSet?: () => boolean;
  /** Default: one of the machine; undefined: it learns. */
  readonly model?: Model | undefined;
  readonly problems?: Problems;
  readonly trainings?: OwnTrainings;
  readonly openAlerts?: () => readonly Alert[];
  /** Between two attempts, ms. */
  readonly pauseMs?: number;
}

/** Alerts whose newest state is not their last, as a store gives them. */
function openOf(saved: readonly Alert[]): readonly Alert[] {
  const newest = new Map(saved.map((alert) => [alert.id, alert]));
  return [...newest.values()].filter(({ state }) => state !== 'closed');
}

/** A stream of that source, and what it needs around it. */
export async function surroundings(source: Source, settings: Settings = {}) {
  const log = createLog({ level: 'silent', style: 'json', write: () => undefined });
  const {
    left = [],
    health = {},
    limits = {},
    configured = { kind: 'host' },
    intervalMs = 1000,
    state = tempFolder(),
    isQuiet = () => false,
    normalHeight = () => 0,
    falseAlarmsPerDay = () => 1,
    reports = [],
    exclusions = [],
    retrain = {},
    threshold,
    clockIsSet = () => true,
    mostRows = 0,
    rows = new Map(),
    problems = createProblems(log),
    trainings,
  } = settings;
  const written = {
    id: 'machine',
    source: configured,
    health,
    alerts: { limits },
    learn: { rows: 200, detector: 'pca' },
    retrain,
    ...(threshold && { threshold: { kind: threshold } }),
  };
  const config = complete(configSchema.parse({ streams: [written] }), readEnvironment({}));
  const [streamConfig] = config.streams;
  if (!streamConfig) throw new Error('no stream');
  const model = 'model' in settings ? settings.model : { ...(await machineModel()), intervalMs };
  const learntPath = join(state, 'learnt.safetensors');
  if (model) await writeModel(learntPath, model);
  const retrainings = createRetrainingRegistry(trainings);
  const models: string[] = [];
  const stream: Stream = {
    id: 'machine',
    config: streamConfig,
    source,
    kinds: config.kinds,
    model,
    learntPath,
    archivePath: join(state, 'models', 'machine'),
    memoryPath: join(state, 'thresholds', 'machine'),
    rowsPath: join(state, 'rows', 'machine'),
    channels: CHANNELS,
  };
  const saved: Alert[] = [...left];
  const told: Alert[] = [];
  const dispatcher: Watch['dispatcher'] = {
    save: (alert) => void saved.push(alert),
    report: (report) => void reports.push(report),
    openAlerts: settings.openAlerts ?? (() => openOf(saved)),
    streamsWithAlerts: () => [...new Set(saved.map(({ streamId }) => streamId))],
    isSaved: (alert) => names(saved).includes(names([alert])[0] ?? ''),
    exclusions: () => exclusions,
    mostRows,
    row: () => undefined,
    keepRows: (alertId, kept) => void rows.set(alertId, kept),
    rowsOf: (alertId) => rows.get(alertId),
    daemonControl: {
      ...{ isQuiet, normalHeight, falseAlarmsPerDay, retrainings, problems },
      watching: (_, { id }) => void models.push(id),
      learning: () => undefined,
      ended: () => undefined,
    },
  };
  const stop = new AbortController();
  const context: Watch = {
    dispatcher,
    kernels: await loadKernels('plain'),
    log,
    signal: stop.signal,
    clockIsSet,
    pulse: createPulse(),
    onAlert: (alert) => void told.push(alert),
    onReport: () => undefined,
  };
  return { stream, context, saved, told, reports, stop, retrainings, models, problems, learntPath };
}

export async function watching(source: Source, settings: Settings = {}) {
  const around = await surroundings(source, settings);
  const { stream, context } = around;
  const { pauseMs = 1 } = settings;
  const stages = stream.model && prepare(stream, stream.model, context);
  const done = supervise(stream, stages, context, createBackOff(pauseMs, pauseMs));
  return { ...around, done };
}
