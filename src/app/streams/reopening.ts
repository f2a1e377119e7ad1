// A live source that fails is opened again, for ever, with growing pauses.
import { SourceError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import type { BackOff } from '../../io/timing/back-off.ts';
import { pause } from '../../io/timing/pause.ts';
import { eachSample } from '../compose/each-sample.ts';

export interface Reopening {
  readonly backOff: BackOff;
  /** Called for each failure, before the pause. */
  readonly lost: (error: SourceError, pauseMs: number) => void;
}

/** Passes samples on; after a `SourceError` pauses and opens the source again. A sample resets the pause. */
export function reopening(source: Source, { backOff, lost }: Reopening): Source {
  const pauseAfter = async (error: SourceError, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return; // its end is what was asked for
    const pauseMs = Math.round(backOff.nextMs());
    lost(error, pauseMs);
    await pause(pauseMs, signal);
  };
  return eachSample(source, async function* (signal) {
    while (!signal.aborted) {
      try {
        for await (const sample of source.samples(signal)) {
          backOff.reset();
          yield sample;
        }
        return;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        await pauseAfter(error, signal);
      }
    }
  });
}
