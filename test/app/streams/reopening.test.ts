import { describe, expect, it } from 'vitest';
import { type Reopening, reopening } from '../../../src/app/streams/reopening.ts';
import { SourceError } from '../../../src/core/errors.ts';
import type { Sample } from '../../../src/core/sample.ts';
import type { Source } from '../../../src/core/source.ts';
import { createBackOff } from '../../../src/io/timing/back-off.ts';
import { sampleAt } from '../sample-at.ts';

/** A live source that plays one script per opening: samples, then how it ends. */
function scripted(...openings: readonly { times: number[]; end?: Error }[]): Source {
  let opened = 0;
  return {
    id: 'scripted',
    live: true,
    channels: [{ id: 'a', unit: '' }],
    // biome-ignore lint/suspicious/useAwait: the contract is an async iterable
    async *samples() {
      const opening = openings[opened++];
      for (const time of opening?.times ?? []) yield sampleAt(time);
      if (opening?.end) throw opening.end;
    },
  };
}

function options(pauses: number[] = [], random = 1): Reopening {
  return {
    backOff: createBackOff(1, 4, () => random),
    lost: (_error, pauseMs) => void pauses.push(pauseMs),
  };
}

async function timesOf(samples: AsyncIterable<Sample>): Promise<number[]> {
  const times: number[] = [];
  for await (const sample of samples) times.push(sample.timeMs);
  return times;
}

const broken = new SourceError('cable pulled');

describe('reopening', () => {
  it('goes on with the next opening after a source error, and ends with the source', async () => {
    const source = scripted(
      { times: [1, 2], end: broken },
      { times: [], end: broken },
      { times: [3] },
    );
    const signal = new AbortController().signal;
    expect(await timesOf(reopening(source, options()).samples(signal))).toEqual([1, 2, 3]);
  });

  it('doubles the pauses up to the longest, and starts anew after a sample', async () => {
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
    await timesOf(reopening(source, options(pauses)).samples(new AbortController().signal));
    expect(pauses).toEqual([1, 2, 4, 4, 1]);
  });

  it('does not hide a bug behind a retry', async () => {
    const source = scripted({ times: [1], end: new TypeError('bug') }, { times: [2] });
    const samples = reopening(source, options()).samples(new AbortController().signal);
    await expect(timesOf(samples)).rejects.toThrow(TypeError);
  });

  it('does not report a source as lost that fails because it is stopped', async () => {
    const stop = new AbortController();
    const pauses: number[] = [];
    const source = scripted({ times: [1], end: broken });
    for await (const { timeMs } of reopening(source, options(pauses)).samples(stop.signal)) {
      expect(timeMs).toBe(1);
      stop.abort();
    }
    expect(pauses).toEqual([]);
  });

  it('ends at once when stopped during a pause', async () => {
    const stop = new AbortController();
    const slow: Reopening = {
      backOff: createBackOff(60_000, 60_000),
      lost: () => stop.abort(),
    };
    const source = scripted({ times: [1], end: broken }, { times: [2] });
    expect(await timesOf(reopening(source, slow).samples(stop.signal))).toEqual([1]);
  });
});
