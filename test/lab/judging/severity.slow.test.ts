// Severity of what people would call an emergency, and of ordinary faults, with trained models (#21).
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Severity } from '../../../src/core/alert.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { openDataset } from '../../../src/lab/datasets/dataset.ts';
import { contestantOf } from '../../../src/lab/judging/contestants.ts';
import { perform, type Trained } from '../../../src/lab/judging/judge.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';

const DATASETS = fileURLToPath(new URL('../../../datasets/host-faults', import.meta.url));
const kernels = await loadKernels();

interface Judged {
  readonly startMs: number;
  readonly severity: Severity;
  readonly blamed: string | undefined;
}

/** The alerts of several recordings, all with the model of the first. */
function judging() {
  let trained: Promise<Trained> | undefined;
  return async (truth: LabelledSeries): Promise<readonly Judged[]> => {
    const { deployed } = await perform(contestantOf('gon'), truth, {
      ...{ kernels, seed: 1, signal: new AbortController().signal },
      reuse: (train) => (trained ??= train()),
    });
    return (deployed?.states ?? []).map(({ startMs, severity, channels }) => {
      return { startMs, severity, blamed: channels[0]?.id };
    });
  };
}

/** Rows `from` to `to` of the test part with these readings. */
function planted(truth: LabelledSeries, [from, to]: readonly [number, number], readings: object) {
  const { channels, values } = truth.test;
  const changed = values.slice();
  for (const [id, value] of Object.entries(readings)) {
    const place = channels.findIndex((channel) => channel.id === id);
    for (let row = from; row < to; row++) changed[row * channels.length + place] = value;
  }
  return { ...truth, test: { ...truth.test, values: changed } };
}

function freezer(): LabelledSeries {
  const random = createRandom(3);
  const series = (rows: number, startMs: number) => ({
    id: 'freezer',
    channels: [
      { id: 'temperature', unit: '°C' },
      { id: 'power', unit: 'W' },
    ],
    timeMs: Float64Array.from({ length: rows }, (_, row) => startMs + row * 10_000),
    values: Float64Array.from({ length: 2 * rows }, (_, cell) => {
      const on = Math.sin(((cell >> 1) / 60) * 2 * Math.PI) > 0;
      if (cell % 2 === 1) return (on ? 80 : 2) + random.normal();
      return -18 + Math.cos(((cell >> 1) / 60) * 2 * Math.PI) + 0.1 * random.normal();
    }),
  });
  const labels = new Uint8Array(600);
  return {
    id: 'freezer',
    train: series(3000, 0),
    test: series(600, 3e7),
    labels,
    segments: [],
    intervalMs: 10_000,
  };
}

describe('severity of trained models', () => {
  it('is critical for a full memory with a full swap, and for no ordinary fault', async () => {
    const judge = judging();
    const truth = openDataset(DATASETS, '/').read('host-faults');
    const ordinary = await judge(truth);
    const count = (wanted: Severity): number =>
      ordinary.filter(({ severity }) => severity === wanted).length;
    expect(count('critical')).toBe(0);
    expect(count('warning')).toBeGreaterThanOrEqual(5);
    expect(count('info')).toBeGreaterThanOrEqual(4);
    const full = { 'memory.used': 99.5, 'swap.used': 100 };
    const [first] = await judge(planted(truth, [60, 110], full));
    expect(first).toMatchObject({ severity: 'critical', blamed: expect.stringMatching(/used$/) });
  }, 120_000);

  it('is critical for a freezer at 1,000 °C', async () => {
    const truth = freezer();
    const hot = await judging()(planted(truth, [300, 360], { temperature: 1000 }));
    expect(hot).toMatchObject([{ severity: 'critical', blamed: 'temperature' }]);
  }, 120_000);
});
