import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withHeartbeat } from '../../../src/app/streams/heartbeat.ts';
import type { Sample } from '../../../src/core/sample.ts';
import type { Source } from '../../../src/core/source.ts';
import { sampleAt } from '../sample-at.ts';

const heartbeat = { streamId: 'test', width: 2, silenceMs: 20, everyMs: 10 };

function sourceOf(samples: (signal: AbortSignal) => AsyncIterable<Sample>): Source {
  return { id: 'fake', live: true, channels: [], samples };
}

/** Says one thing and then nothing until it is stopped. */
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

async function take(source: Source, count: number): Promise<Sample[]> {
  const taken: Sample[] = [];
  for await (const sample of source.samples(new AbortController().signal)) {
    taken.push(sample);
    if (taken.length === count) break;
  }
  return taken;
}

describe('withHeartbeat', () => {
  it('adds samples without readings while the source is silent, in the time of the source', async () => {
    const [first, ...silent] = await take(withHeartbeat(falling(5_000), heartbeat), 3);
    expect(first?.values).toEqual(Float64Array.of(7));
    for (const sample of silent) expect(sample.values).toEqual(Float64Array.of(NaN, NaN));
    const times = silent.map((sample) => sample.timeMs);
    expect(times[0]).toBeGreaterThanOrEqual(5_015);
    expect(times[1]).toBeGreaterThan(times[0] ?? 0);
    expect(times[1]).toBeLessThan(10_000);
  });

  it('is silent itself while the source speaks', async () => {
    const talking = sourceOf(async function* () {
      for (let k = 0; k < 6; k++) {
        await sleep(4);
        yield sampleAt(k);
      }
    });
    const samples = await take(
      withHeartbeat(talking, { ...heartbeat, silenceMs: 2_000, everyMs: 1_000 }),
      10,
    );
    expect(samples.map((sample) => sample.timeMs)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('loses no sample that comes after a silence', async () => {
    const pausing = sourceOf(async function* () {
      yield sampleAt(1);
      await sleep(50);
      yield sampleAt(2);
      yield sampleAt(3);
    });
    const samples = await take(withHeartbeat(pausing, heartbeat), 100);
    const spoken = samples.filter((sample) => !Number.isNaN(sample.values[0]));
    expect(spoken.map((sample) => sample.timeMs)).toEqual([1, 2, 3]);
  });

  it('closes the source when the consumer leaves in the middle of a silence', async () => {
    let closed = false;
    const source = falling(0, () => {
      closed = true;
    });
    await take(withHeartbeat(source, heartbeat), 2);
    expect(closed).toBe(true);
  });

  it('ends when stopped', async () => {
    const stop = new AbortController();
    const times: number[] = [];
    for await (const sample of withHeartbeat(falling(1), heartbeat).samples(stop.signal)) {
      times.push(sample.timeMs);
      stop.abort();
    }
    expect(times).toEqual([1]);
  });
});
