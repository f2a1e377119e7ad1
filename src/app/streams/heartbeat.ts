// Silence is data too: a live source that says nothing yields samples without readings, so that somebody notices.

import { race } from '../../core/race.ts';
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { eachSample } from '../compose/each-sample.ts';

export interface Heartbeat {
  readonly streamId: string;
  /** C, channels; known from the model even before the source has spoken. */
  readonly width: number;
  /** Longest silence that is passed on as silence, milliseconds. */
  readonly silenceMs: number;
  /** Time between the samples of a longer one, milliseconds. */
  readonly everyMs: number;
}

/** Adds all-NaN samples, in the source's own time, from `silenceMs` after its last sample on. */
export function withHeartbeat(source: Source, heartbeat: Heartbeat): Source {
  return eachSample(source, async function* (signal) {
    const ended = new AbortController();
    const iterator = source
      .samples(AbortSignal.any([signal, ended.signal]))
      [Symbol.asyncIterator]();
    try {
      yield* beating(iterator, heartbeat, signal);
    } finally {
      ended.abort(); // a source that waits for data would never answer `return`
      await iterator.return?.();
    }
  });
}

async function* beating(
  iterator: AsyncIterator<Sample>,
  heartbeat: Heartbeat,
  signal: AbortSignal,
): AsyncGenerator<Sample> {
  const clock = createClock();
  const { silenceMs, everyMs } = heartbeat;
  let next = iterator.next();
  let waitMs = silenceMs;
  for (;;) {
    const result = await race(next, { signal, timeoutMs: waitMs });
    if (signal.aborted || result?.done) return;
    if (result) {
      clock.set(result.value.timeMs);
      yield result.value;
      next = iterator.next();
      waitMs = silenceMs;
    } else {
      yield silence(heartbeat, clock.nowMs());
      waitMs = everyMs;
    }
  }
}

function silence({ streamId, width }: Heartbeat, timeMs: number): Sample {
  return { streamId, timeMs, values: new Float64Array(width).fill(Number.NaN) };
}

/** The source's clock goes on from its last sample; a device with a wrong clock stays consistent with itself. */
function createClock() {
  let offsetMs: number | undefined;
  return {
    set(timeMs: number): void {
      offsetMs = timeMs - performance.now();
    },
    nowMs(): number {
      return offsetMs === undefined ? Date.now() : Math.round(offsetMs + performance.now());
    },
  };
}
