// A stream that is watched without a store: what is saved and told is kept in arrays.
import { join } from 'node:path';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { complete } from '../../../src/app/config/load.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import { createLog } from '../../../src/app/log.ts';
import { createPulse } from '../../../src/app/streams/pulse.ts';
import type { Stream } from '../../../src/app/streams/stream.ts';
import { prepare, type Watch, watch } from '../../../src/app/streams/watch.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { rowOf } from '../../../src/core/series.ts';
import type { ScoreReport } from '../../../src/core/sink.ts';
import type { Source } from '../../../src/core/source.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { names } from '../daemon-setup.ts';
import { CHANNELS, machineModel, recorded } from '../recording.ts';

const faulty = recorded({ rows: 300, seed: 5, faults: [[200, 240]] });

/** A source from an array of rows; `onRow` may fail or wait. */
export function sourceOf(
  live: boolean,
  onRow: (row: number, signal: AbortSignal) => Promise<void> | void = () => undefined,
): Source {
  let row = 0;
  return {
    id: 'array',
    live,
    channels: CHANNELS,
    async *samples(signal) {
      for (; row < faulty.timeMs.length; row++) {
        await onRow(row, signal);
        if (signal.aborted) return;
        const timeMs = faulty.timeMs[row] ?? 0;
        yield { streamId: 'machine', timeMs, values: rowOf(faulty, row) };
      }
    },
  };
}

interface Settings {
  readonly left?: readonly Alert[];
  readonly health?: Record<string, unknown>;
  readonly intervalMs?: number;
  readonly state?: string;
  readonly isQuiet?: (streamId: string, timeMs: number) => boolean;
  readonly normalHeight?: () => number;
  readonly reports?: ScoreReport[];
}

export async function watching(
  source: Source,
  {
    left = [],
    health = {},
    intervalMs = 1000,
    state = tempFolder(),
    isQuiet = () => false,
    normalHeight = () => 0,
    reports = [],
  }: Settings = {},
) {
  const written = { id: 'machine', source: { kind: 'host' }, health };
  const config = complete(configSchema.parse({ streams: [written] }), readEnvironment({}));
  const [streamConfig] = config.streams;
  if (!streamConfig) throw new Error('no stream');
  const model = { ...(await machineModel()), intervalMs };
  const stream: Stream = {
    id: 'machine',
    config: streamConfig,
    source,
    model,
    learntPath: join(state, 'learnt.safetensors'),
    thresholdPath: join(state, 'thresholds', 'machine.json'),
    channels: CHANNELS,
  };
  const saved: Alert[] = [...left];
  const told: Alert[] = [];
  const outlet: Watch['outlet'] = {
    save: (alert) => void saved.push(alert),
    report: (report) => void reports.push(report),
    openAlerts: () => left,
    isSaved: (alert) => names(saved).includes(names([alert])[0] ?? ''),
    desk: { isQuiet, normalHeight, watching: () => undefined },
  };
  const stop = new AbortController();
  const context: Watch = {
    outlet,
    kernels: await loadKernels('plain'),
    log: createLog({ level: 'silent', style: 'json', write: () => undefined }),
    signal: stop.signal,
    pulse: createPulse(),
    onAlert: (alert) => void told.push(alert),
    onReport: () => undefined,
  };
  const done = watch(stream, prepare(stream, model, context), context);
  return { done, saved, told, reports, stop };
}
