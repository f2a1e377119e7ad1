// Whether the pipelines move. The watchdog is fed on this, because a process can be alive and watch nothing.

export interface Pulse {
  /** From now on `streamId` has to beat at least every `withinMs`. */
  expect(streamId: string, withinMs: number): void;
  beat(streamId: string): void;
  end(streamId: string): void;
  /** A stream that has stood still for too long. */
  stalled(): string | undefined;
}

/** `now` in milliseconds, of a clock that is never set. */
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
