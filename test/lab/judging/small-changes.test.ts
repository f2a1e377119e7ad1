// A detector that predicts normal rows almost exactly gives a high score to the smallest change of a reading. No alert may open.
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/core/sample.ts';
import { trainers } from '../../../src/detectors/training/index.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { deploy } from '../../../src/lab/judging/deployment.ts';

const kernels = await loadKernels();
const LEARNT = 700;
const JUDGED = 200;
const FAULT = { start: 100, end: 130 };

const thermometer: Channel = { id: 'temperature', unit: '°C' };
const barometer: Channel = { id: 'pressure', unit: 'hPa' };

/** Rows in which alerts open when the rows of the fault read `during` instead of `normal`. */
async function openings(
  channels: readonly Channel[],
  normal: (row: number) => readonly number[],
  during: (row: number) => readonly number[],
): Promise<readonly number[]> {
  const rows = (from: number, count: number) => ({
    ...{ id: 's', channels },
    timeMs: Float64Array.from({ length: count }, (_, i) => (from + i) * 1000),
    values: Float64Array.from(
      Array.from({ length: count }, (_, i) => {
        const isFault = from > 0 && i >= FAULT.start && i < FAULT.end;
        return isFault ? during(from + i) : normal(from + i);
      }).flat(),
    ),
  });
  const [train, test] = [rows(0, LEARNT), rows(LEARNT, JUDGED)];
  const trainer = trainers.get('gon');
  if (!trainer) throw new TypeError('no trainer of the default detector');
  const model = await trainer.train(train, trainer.options.parse({}), {
    ...{ kernels, seed: 1, intervalMs: 1000, progress: () => undefined },
    signal: new AbortController().signal,
  });
  const labels = new Uint8Array(JUDGED);
  const series = { id: 's', train, test, labels, segments: [], intervalMs: 1000 };
  return deploy(series, model, kernels).deployed?.openings ?? [Number.NaN];
}

describe('a channel that hardly changes (#19)', () => {
  it('opens no alert with a change of its last decimal, where it was constant', async () => {
    const normal = () => [1013.2];
    expect(await openings([barometer], normal, () => [1013.3])).toEqual([]);
    expect(await openings([barometer], normal, () => [1040])).toEqual([FAULT.start + 2]);
  });

  it('opens no alert one step of its sensor beyond its range', async () => {
    const normal = (row: number) => [row % 20 < 10 ? 21 : 21.5];
    expect(await openings([thermometer], normal, () => [22])).toEqual([]);
    expect(await openings([thermometer], normal, () => [23])).toEqual([FAULT.start + 2]);
  });
});
