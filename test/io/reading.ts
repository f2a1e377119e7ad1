import { onTestFinished } from 'vitest';
import type { Sample } from '../../src/core/sample.ts';
import type { Source } from '../../src/core/source.ts';

/** A source that is read in the background, until it fails, is stopped or the test ends. */
export interface Reading {
  readonly samples: readonly Sample[];
  /** Values of the newest sample; empty before the first. */
  newest(): number[];
  /** Rejects when the source fails. */
  readonly ended: Promise<void>;
  readonly stop: AbortController;
}

export function startReading(source: Source): Reading {
  const stop = new AbortController();
  const samples: Sample[] = [];
  const ended = (async () => {
    for await (const sample of source.samples(stop.signal)) samples.push(sample);
  })();
  ended.catch(() => undefined);
  onTestFinished(() => stop.abort());
  return { samples, newest: () => [...(samples.at(-1)?.values ?? [])], ended, stop };
}
