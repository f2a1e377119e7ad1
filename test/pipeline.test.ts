import { describe, expect, it } from 'vitest';
import type { Alert } from '../src/core/alert.ts';
import type { Sample } from '../src/core/sample.ts';
import type { ScoreReport } from '../src/core/sink.ts';
import type { Source } from '../src/core/source.ts';
import type { Window } from '../src/core/window.ts';
import { monitor, type Stages } from '../src/pipeline.ts';
import { alertOf } from './io/alerts.ts';

/** A source from an array. */
function sourceOf(values: readonly number[]): Source {
  return {
    id: 'array',
    live: false,
    channels: [{ id: 'a', unit: '' }],
    // biome-ignore lint/suspicious/useAwait: the contract is an async iterable
    async *samples(signal) {
      for (const [index, value] of values.entries()) {
        if (signal.aborted) return;
        yield { streamId: 's', timeMs: index * 1000, values: Float64Array.of(value) };
      }
    },
  };
}

function windowOf({ streamId, timeMs, values }: Sample): Window {
  return {
    streamId,
    endMs: timeMs,
    length: 1,
    width: 1,
    values: Float32Array.from(values),
    latest: values,
    imputed: 0,
  };
}

/** The score is the value, the level is 2; an alert reports each row above it. */
function stages(changes: Partial<Stages> = {}) {
  const learnt: number[] = [];
  const rejected: number[] = [];
  const reports: ScoreReport[] = [];
  const made: Stages = {
    health: { check: () => [] },
    windower: { push: (sample) => [windowOf(sample)] },
    detector: {
      kind: 'value',
      windowLength: 1,
      score: ({ values }) => ({ value: values[0] ?? 0, perChannel: values }),
    },
    threshold: {
      fit: () => undefined,
      judge: (score) => ({ anomalous: score > 2, level: 2 }),
      learn: (score) => void learnt.push(score),
      reject: (score) => void rejected.push(score),
    },
    policy: {
      step: (window, score, { anomalous }) =>
        anomalous ? [alertOf(`a${window.endMs}`, 'opened', { score: score.value })] : [],
    },
    observe: (report) => void reports.push(report),
    ...changes,
  };
  return { made, learnt, rejected, reports };
}

async function alertsOf(source: Source, made: Stages): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for await (const alert of monitor(source, made, new AbortController().signal)) alerts.push(alert);
  return alerts;
}

describe('monitor', () => {
  it('yields an alert for each change of state, in the order of the samples', async () => {
    const alerts = await alertsOf(sourceOf([1, 5, 1, 7]), stages().made);
    expect(alerts.map(({ id, score }) => [id, score])).toEqual([
      ['a1000', 5],
      ['a3000', 7],
    ]);
  });

  it('teaches the threshold normal scores only, and tells it of the others', async () => {
    const { made, learnt, rejected } = stages();
    await alertsOf(sourceOf([1, 5, 2, 7, 0]), made);
    expect(learnt).toEqual([1, 2, 0]);
    expect(rejected).toEqual([5, 7]);
  });

  it('teaches the threshold nothing in a quiet time, and marks its scores', async () => {
    const { made, learnt, rejected, reports } = stages({ quiet: (timeMs) => timeMs === 1000 });
    const alerts = await alertsOf(sourceOf([1, 0.5, 7]), made);
    expect(learnt).toEqual([1]);
    expect(rejected).toEqual([0.5, 7]);
    expect(reports.map(({ quiet }) => quiet)).toEqual([undefined, true, undefined]);
    expect(alerts.map(({ id }) => id)).toEqual(['a2000']);
  });

  it('opens no alert by what the daemon disturbs itself, and learns nothing of it (#19)', async () => {
    let row = 0;
    const disturbed = () => [1, 2].includes(row++);
    const { made, learnt, rejected, reports } = stages({ disturbed });
    const alerts = await alertsOf(sourceOf([1, 0.5, 7, 8]), made);
    expect(learnt).toEqual([1]);
    expect(rejected).toEqual([0.5, 7, 8]);
    expect(reports.map(({ quiet, anomalous }) => [quiet, anomalous])).toEqual([
      [undefined, false],
      [true, false],
      [true, true],
      [undefined, true],
    ]);
    expect(alerts.map(({ id }) => id)).toEqual(['a3000']);
  });

  it('shows every score over its level, anomalous or not', async () => {
    const { made, reports } = stages();
    await alertsOf(sourceOf([1, 5]), made);
    expect(reports).toEqual([
      { streamId: 's', timeMs: 0, score: 0.5, level: 2, value: 1, anomalous: false },
      { streamId: 's', timeMs: 1000, score: 2.5, level: 2, value: 5, anomalous: true },
    ]);
  });

  it('judges with the level as it was before the score taught it', async () => {
    let level = 2;
    const threshold = {
      fit: () => undefined,
      judge: (score: number) => ({ anomalous: score > level, level }),
      learn: () => {
        level = 4;
      },
      reject: () => undefined,
    };
    const { made, reports } = stages({ threshold });
    await alertsOf(sourceOf([1, 3]), made);
    expect(reports.map((report) => [report.level, report.anomalous])).toEqual([
      [2, false],
      [4, false],
    ]);
  });

  it('reports faulty data before it scores them, and when there is no window yet', async () => {
    const seen: string[] = [];
    const { made } = stages({
      health: {
        check: ({ timeMs }) => {
          seen.push(`check ${timeMs}`);
          return [alertOf(`missing${timeMs}`, 'opened', { kind: 'data_missing' })];
        },
      },
      windower: {
        push(sample) {
          seen.push(`push ${sample.timeMs}`);
          return sample.timeMs === 0 ? [] : [windowOf(sample)];
        },
      },
    });
    const alerts = await alertsOf(sourceOf([9, 9]), made);
    expect(alerts.map(({ id }) => id)).toEqual(['missing0', 'missing1000', 'a1000']);
    expect(seen).toEqual(['check 0', 'push 0', 'check 1000', 'push 1000']);
  });

  it('scores every window that a gap makes due', async () => {
    const { made, reports } = stages({
      windower: { push: (sample) => [windowOf(sample), windowOf(sample), windowOf(sample)] },
    });
    await alertsOf(sourceOf([1]), made);
    expect(reports).toHaveLength(3);
  });

  it('ends with the source, and when it is stopped', async () => {
    const stop = new AbortController();
    const { made, reports } = stages({});
    for await (const _ of monitor(sourceOf([1, 5, 1, 1, 1]), made, stop.signal)) stop.abort();
    expect(reports).toHaveLength(2);
  });
});
