// Whether the pipelines process samples. The watchdog depends on it: a process can run without watching anything.

export interface Pulse {
  /** From now on `streamId` has to beat at least once in `withinMs`. */
  expect(streamId: string, withinMs: number): void;
  beat(streamId: string): void;
  end(streamId: string): void;
  /** A stream that has not beaten in time. */
  stalled(): string | undefined;
}

/** `now` is the monotonic clock, milliseconds. */
export function createPulse(now: () => number = () => performance.now()): Pulse {
  const streams = new Map<string, { withinMs: number; beatMs: number }>();
  return {
    expect: (streamId, withinMs) => void streams.set(streamId, { withinMs, beatMs: now() }),
    beat(streamId) {
      const stream = streams.get(streamId);
      if (stream) stream.beatMs = now();
    },
    end: (streamId) => void streams.delete(streamId),
    stalled() {
      const nowMs = now();
      for (const [streamId, { withinMs, beatMs }] of streams) {
        if (nowMs - beatMs > withinMs) return streamId;
      }
      return undefined;
    },
  };
}
