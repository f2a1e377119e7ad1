import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { complete } from '../../../src/app/config/load.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import { createLog } from '../../../src/app/log.ts';
import type { Outlet } from '../../../src/app/outlet.ts';
import { createPulse } from '../../../src/app/streams/pulse.ts';
import type { Stream } from '../../../src/app/streams/stream.ts';
import { prepare, type Watch, watch } from '../../../src/app/streams/watch.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { SourceError } from '../../../src/core/errors.ts';
import { rowOf } from '../../../src/core/series.ts';
import type { ScoreReport } from '../../../src/core/sink.ts';
import type { Source } from '../../../src/core/source.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { names } from '../daemon-setup.ts';
import { CHANNELS, machineModel, recorded, START_MS } from '../recording.ts';

const faulty = recorded({ rows: 300, seed: 5, faults: [[200, 240]] });

/** A source from an array of rows; `onRow` may fail or wait. */
function sourceOf(
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
}

async function watching(
  source: Source,
  { left = [], health = {}, intervalMs = 1000, state = tempFolder() }: Settings = {},
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
  const reports: ScoreReport[] = [];
  const outlet: Outlet = {
    save: (alert) => void saved.push(alert),
    report: (report) => void reports.push(report),
    openAlerts: () => left,
    isSaved: (alert) => names(saved).includes(names([alert])[0] ?? ''),
    drain: () => Promise.resolve(0),
    useSinks: () => Promise.resolve(),
    close: () => Promise.resolve(),
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

const id = `anomaly-machine-${START_MS + 200_000}`;

describe('watch', () => {
  it('saves and tells the alerts of a source, and scores every window', async () => {
    const { done, saved, told, reports } = await watching(sourceOf(false));
    await done;
    expect(names(saved)).toEqual([`${id} opened`, `${id} closed`]);
    expect(told).toEqual(saved);
    expect(reports).toHaveLength(300);
    expect(told[0]?.channels[0]?.id).toMatch(/temperature|power/);
  });

  it('closes what is open when a recording ends', async () => {
    const short = sourceOf(false, (row) => {
      if (row === 220) throw new SourceError('end of tape');
    });
    const ended: Source = {
      ...short,
      async *samples(signal) {
        try {
          yield* short.samples(signal);
        } catch {
          // the recording ends here
        }
      },
    };
    const { done, saved } = await watching(ended);
    await done;
    expect(names(saved)).toEqual([`${id} opened`, `${id} closed`]);
    expect(saved[1]?.endMs).toBeLessThan(START_MS + 221_000);
  });

  it('does not save a state of a recording twice, but tells it again', async () => {
    const first = await watching(sourceOf(false));
    await first.done;
    const second = await watching(sourceOf(false), { left: first.saved.slice(0, 1) });
    await second.done;
    expect(names(second.saved)).toEqual([`${id} opened`, `${id} closed`]);
    expect(names(second.told)).toEqual([`${id} opened`, `${id} closed`]);
  });

  it('reopens a live source that fails and loses no row that it still has', async () => {
    let failed = false;
    const source = sourceOf(true, (row) => {
      if (row !== 100 || failed) return;
      failed = true;
      throw new SourceError('cable pulled');
    });
    const { done, saved, reports } = await watching(source);
    await done;
    expect(failed).toBe(true);
    expect(reports).toHaveLength(300);
    expect(names(saved)).toEqual([`${id} opened`, `${id} closed`]);
  });

  it('goes on with an alert that an earlier run left open, under its id', async () => {
    const first = await watching(sourceOf(false));
    await first.done;
    const opened = first.saved.slice(0, 1);
    let skipped = false;
    const rest = sourceOf(true, () => {
      skipped = true;
    });
    const later: Source = {
      ...rest,
      async *samples(signal) {
        for await (const sample of rest.samples(signal)) {
          if (sample.timeMs >= START_MS + 220_000) yield sample;
        }
      },
    };
    const second = await watching(later, { left: opened });
    await second.done;
    expect(skipped).toBe(true);
    expect(names(second.told)).toEqual([`${id} closed`]);
    expect(second.told[0]?.startMs).toBe(START_MS + 200_000);
  });

  it('raises data_missing when a live source falls silent, and closes it when it speaks', async () => {
    const pausing = sourceOf(true, async (row, signal) => {
      if (row === 50) await sleep(900, undefined, { signal }).catch(() => undefined);
    });
    const health = { maxAgeMs: 200, coolDownMs: 0 };
    const { done, told } = await watching(pausing, { health, intervalMs: 100 });
    await done;
    const missing = told.filter(({ kind }) => kind === 'data_missing');
    expect(missing.map(({ state }) => state)).toEqual(['opened', 'closed']);
    expect(missing[0]?.severity).toBe('critical');
    expect(missing[0]?.channels.map((channel) => channel.id).sort()).toEqual([
      'power',
      'temperature',
    ]);
  });

  it('goes on from the alert level of an earlier run of a live source', async () => {
    const part = (fromMs: number, toMs: number): Source => {
      const whole = sourceOf(true);
      return {
        ...whole,
        async *samples(signal) {
          for await (const sample of whole.samples(signal)) {
            const rowMs = sample.timeMs - START_MS;
            if (rowMs >= fromMs && rowMs < toMs) yield sample;
          }
        },
      };
    };
    const levels = async (source: Source, state: string) => {
      const { done, reports } = await watching(source, { state });
      await done;
      return reports.map(({ level }) => level);
    };
    const inOne = await levels(part(0, 190_000), tempFolder());
    const state = tempFolder();
    const first = await levels(part(0, 100_000), state);
    const second = await levels(part(100_000, 190_000), state);
    expect([...first, ...second]).toEqual(inOne);
    expect(new Set(inOne).size).toBeGreaterThan(10);
  });

  it('ends at once when stopped in a silence', async () => {
    const silent = sourceOf(true, async (row, signal) => {
      if (row === 10) await sleep(60_000, undefined, { signal }).catch(() => undefined);
    });
    const { done, reports, stop } = await watching(silent);
    await sleep(200);
    stop.abort();
    await done;
    expect(reports).toHaveLength(10);
  });
});
