import { describe, expect, it } from 'vitest';
import { composeStages } from '../../../src/app/compose/compose.ts';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { complete } from '../../../src/app/config/load.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { rowOf } from '../../../src/core/series.ts';
import type { ScoreReport } from '../../../src/core/sink.ts';
import type { Source } from '../../../src/core/source.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { monitor } from '../../../src/pipeline.ts';
import { CHANNELS, machineModel, recorded } from '../recording.ts';

const HOUR_MS = 3_600_000;
const ROWS = 400;
const JUMP_AT = 200;

/** A machine that runs well while its clock is set by `jumpMs`. */
function watchedWhile(jumpMs: number): Source {
  const machine = recorded({ rows: ROWS, seed: 9 });
  return {
    id: 'machine',
    live: true,
    channels: CHANNELS,
    async *samples() {
      for (let row = 0; row < ROWS; row++) {
        await Promise.resolve();
        const timeMs = (machine.timeMs[row] ?? 0) + (row >= JUMP_AT ? jumpMs : 0);
        yield { streamId: 'machine', timeMs, values: rowOf(machine, row) };
      }
    },
  };
}

async function monitored(source: Source) {
  const written = { id: 'machine', source: { kind: 'host' } };
  const config = complete(configSchema.parse({ streams: [written] }), readEnvironment({}));
  const [stream] = config.streams;
  if (!stream) throw new Error('no stream');
  const reports: ScoreReport[] = [];
  const alerts: Alert[] = [];
  const stages = composeStages(stream, await machineModel(), {
    kinds: config.kinds,
    kernels: await loadKernels('plain'),
    open: [],
    observe: (report) => void reports.push(report),
  });
  for await (const alert of monitor(source, stages, new AbortController().signal)) {
    alerts.push(alert);
  }
  return { alerts, reports };
}

describe('a clock that is set', () => {
  it.each([
    ['an hour forward', HOUR_MS],
    ['an hour back', -HOUR_MS],
    ['a day forward', 24 * HOUR_MS],
  ])('by %s makes no alert of any kind, and watching goes on at once', async (_, jumpMs) => {
    const still = await monitored(watchedWhile(0));
    const { alerts, reports } = await monitored(watchedWhile(jumpMs));
    expect(still.alerts).toEqual([]);
    expect(alerts).toEqual([]);
    const { windowLength } = await machineModel();
    expect(still.reports).toHaveLength(ROWS - windowLength + 1);
    expect(reports).toHaveLength(ROWS - 2 * (windowLength - 1));
  });
});
