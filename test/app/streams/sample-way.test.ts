import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPulse } from '../../../src/app/streams/pulse.ts';
import { type LiveCare, openOnce, samplesOfRun } from '../../../src/app/streams/sample-way.ts';
import { SourceError } from '../../../src/core/errors.ts';
import type { Sample } from '../../../src/core/sample.ts';
import type { Source } from '../../../src/core/source.ts';
import { createBackOff } from '../../../src/io/timing/back-off.ts';
import { sampleAt } from '../sample-at.ts';

function sourceOf(samples: (signal: AbortSignal) => AsyncIterable<Sample>): Source {
  return { id: 'fake', live: true, channels: [{ id: 'a', unit: '' }], samples };
}

/** A live source that plays one script per opening: samples, then how it ends. */
function scripted(...openings: readonly { times: number[]; end?: Error }[]): Source {
  let opened = 0;
  // biome-ignore lint/suspicious/useAwait: the contract is an async iterable
  return sourceOf(async function* () {
    const opening = openings[opened++];
    for (const time of opening?.times ?? []) yield sampleAt(time);
    if (opening?.end) throw opening.end;
  });
}

function careOf(pauses: number[] = [], random = 1): LiveCare {
  return {
    backOff: createBackOff(1, 4, () => random),
    lost: (_error, pauseMs) => void pauses.push(pauseMs),
    silent: () => undefined,
    arrived: () => undefined,
  };
}

/** What readers of a live source get until `signal` aborts. */
function read(
  source: Source,
  care: LiveCare,
  signal = new AbortController().signal,
): AsyncIterable<Sample> {
  return openOnce(source, signal, { care }).source.samples(signal);
}

async function timesOf(samples: AsyncIterable<Sample>): Promise<number[]> {
  const times: number[] = [];
  for await (const sample of samples) times.push(sample.timeMs);
  return times;
}

const broken = new SourceError('cable pulled');

describe('a live source that is opened once', () => {
  it('is opened again after a source error, and ends with the source', async () => {
    const source = scripted(
      { times: [1, 2], end: broken },
      { times: [], end: broken },
      { times: [3] },
    );
    expect(await timesOf(read(source, careOf()))).toEqual([1, 2, 3]);
  });

  it('doubles the pauses up to the longest, and begins again after a sample', async () => {
    const failed = { times: [], end: broken };
    const pauses: number[] = [];
    const source = scripted(
      failed,
      failed,
      failed,
      failed,
      { times: [1], end: broken },
      { times: [] },
    );
    await timesOf(read(source, careOf(pauses)));
    expect(pauses).toEqual([1, 2, 4, 4, 1]);
  });

  it('does not hide a bug behind a retry', async () => {
    const source = scripted({ times: [1], end: new TypeError('bug') }, { times: [2] });
    await expect(timesOf(read(source, careOf()))).rejects.toThrow(TypeError);
  });

  it('does not report a source as lost that fails because it is stopped', async () => {
    const stop = new AbortController();
    const pauses: number[] = [];
    const source = scripted({ times: [1], end: broken });
    for await (const { timeMs } of read(source, careOf(pauses), stop.signal)) {
      expect(timeMs).toBe(1);
      stop.abort();
    }
    expect(pauses).toEqual([]);
  });

  it('ends at once when it is stopped during a pause', async () => {
    const stop = new AbortController();
    const slow: LiveCare = {
      ...careOf(),
      backOff: createBackOff(60_000, 60_000),
      lost: () => stop.abort(),
    };
    const source = scripted({ times: [1], end: broken }, { times: [2] });
    expect(await timesOf(read(source, slow, stop.signal))).toEqual([1]);
  });

  it('reports silence while a reader waits, and not while a sample is processed', async () => {
    const source = sourceOf(async function* () {
      yield sampleAt(1);
      await sleep(60);
      yield sampleAt(2);
    });
    const noted: string[] = [];
    const care: LiveCare = {
      ...careOf(),
      silentMs: 20,
      silent: () => void noted.push('silent'),
      arrived: () => void noted.push('arrived'),
    };
    for await (const { timeMs } of read(source, care)) {
      noted.push(`row ${timeMs}`);
      if (timeMs === 2) await sleep(60);
    }
    expect(noted).toEqual(['arrived', 'row 1', 'silent', 'arrived', 'row 2']);
  });

  it('leaves the rest to the next reader, and calls `passed` for what a reader has processed', async () => {
    const { signal } = new AbortController();
    const passed: number[] = [];
    let last = 0;
    const opened = openOnce(scripted({ times: [1, 2, 3, 4] }), signal, {
      passed: () => void passed.push(last),
    });
    for await (const { timeMs } of opened.source.samples(signal)) {
      last = timeMs;
      if (timeMs === 2) break;
    }
    expect(opened.ended()).toBe(false);
    expect(await timesOf(opened.source.samples(signal))).toEqual([3, 4]);
    expect(passed).toEqual([1, 2, 2]);
    expect(opened.ended()).toBe(true);
  });
});

const quick = { afterMs: 20, everyMs: 10 };

/** The samples of a run whose model knows one channel more than it watches. */
function run(source: Source, silence = quick, taken: (timeMs: number) => void = () => undefined) {
  const kept: number[][] = [];
  const gathered: number[][] = [];
  const samples = samplesOfRun(source, 'test', {
    arrange: ({ values, ...sample }) => ({ ...sample, values: Float64Array.of(...values, 8) }),
    keep: ({ values }) => void kept.push([...values]),
    width: 1,
    gather: ({ values }) => void gathered.push([...values]),
    ...{ silence, taken },
  });
  return { samples, kept, gathered };
}

/** Yields one sample and then waits until it is stopped. */
function falling(timeMs: number, closed: () => void = () => undefined): Source {
  return sourceOf(async function* (signal) {
    try {
      yield sampleAt(timeMs, 7);
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
    } finally {
      closed();
    }
  });
}

async function take({ samples }: ReturnType<typeof run>, count: number): Promise<Sample[]> {
  const taken: Sample[] = [];
  for await (const sample of samples.samples(new AbortController().signal)) {
    taken.push(sample);
    if (taken.length === count) break;
  }
  return taken;
}

describe('the samples of a run', () => {
  it('are kept with all channels, gathered and passed on with those that are watched', async () => {
    const { kept, gathered, ...falls } = run(falling(5_000));
    const [first] = await take({ kept, gathered, ...falls }, 3);
    expect(first?.values).toEqual(Float64Array.of(7));
    expect(kept).toEqual([[7, 8]]);
    expect(gathered).toEqual([[7]]);
  });

  it('include samples without readings while the source is silent, in the time of the source', async () => {
    const [, ...silent] = await take(run(falling(5_000)), 3);
    for (const sample of silent) expect(sample.values).toEqual(Float64Array.of(NaN));
    const times = silent.map((sample) => sample.timeMs);
    expect(times[0]).toBeGreaterThanOrEqual(5_015);
    expect(times[1]).toBeGreaterThan(times[0] ?? 0);
    expect(times[1]).toBeLessThan(10_000);
  });

  it('include none of these while the source yields samples', async () => {
    const talking = sourceOf(async function* () {
      for (let k = 0; k < 6; k++) {
        await sleep(4);
        yield sampleAt(k);
      }
    });
    const samples = await take(run(talking, { afterMs: 2_000, everyMs: 1_000 }), 10);
    expect(samples.map((sample) => sample.timeMs)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('include each one that comes after a silence', async () => {
    const pausing = sourceOf(async function* () {
      yield sampleAt(1);
      await sleep(50);
      yield sampleAt(2);
      yield sampleAt(3);
    });
    const samples = await take(run(pausing), 100);
    const spoken = samples.filter((sample) => !Number.isNaN(sample.values[0]));
    expect(spoken.map((sample) => sample.timeMs)).toEqual([1, 2, 3]);
  });

  it('close the source when the reader leaves in the middle of a silence', async () => {
    let closed = false;
    const source = falling(0, () => {
      closed = true;
    });
    await take(run(source), 2);
    expect(closed).toBe(true);
  });

  it('end when stopped', async () => {
    const stop = new AbortController();
    const times: number[] = [];
    for await (const sample of run(falling(1)).samples.samples(stop.signal)) {
      times.push(sample.timeMs);
      stop.abort();
    }
    expect(times).toEqual([1]);
  });

  it('beat with each sample that is taken, and not while one is processed', async () => {
    const clock = { nowMs: 0 };
    const pulse = createPulse(() => clock.nowMs);
    const source = scripted({ times: [1, 2] });
    pulse.expect('two', 1000);
    const stalled: (string | undefined)[] = [];
    const slow = { afterMs: 60_000, everyMs: 60_000 };
    const { samples } = run(source, slow, () => pulse.beat('two'));
    for await (const _ of samples.samples(new AbortController().signal)) {
      stalled.push(pulse.stalled());
      clock.nowMs += 2000; // scoring takes that long
      stalled.push(pulse.stalled());
    }
    expect(stalled).toEqual([undefined, 'two', undefined, 'two']);
  });
});
