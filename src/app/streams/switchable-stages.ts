// Stages whose model can be exchanged while they run, between two rows.
import type { Source } from '../../core/source.ts';
import type { ComposedStages } from '../compose/compose.ts';
import { eachSample } from '../compose/each-sample.ts';

export interface Switchable {
  /** What the pipeline is given: always the stages of the moment. */
  readonly stages: ComposedStages;
  /** The pipeline's source: exchanges the stages when the next row is taken from it. */
  over(source: Source): Source;
  /** `make` is called with the time of the first row that the new stages get, Unix milliseconds. */
  exchange(make: (beforeMs: number) => ComposedStages): void;
}

export function switchable(first: ComposedStages): Switchable {
  let current = first;
  let next: ((beforeMs: number) => ComposedStages) | undefined;
  return {
    stages: {
      get health() {
        return current.health;
      },
      get windower() {
        return current.windower;
      },
      get detector() {
        return current.detector;
      },
      get threshold() {
        return current.threshold;
      },
      get policy() {
        return current.policy;
      },
      quiet: (timeMs) => current.quiet?.(timeMs) ?? false,
      observe: (report) => current.observe(report),
    },
    over: (source) =>
      eachSample(source, async function* (signal) {
        for await (const sample of source.samples(signal)) {
          if (next) current = next(sample.timeMs);
          next = undefined;
          yield sample;
        }
      }),
    exchange(make) {
      next = make;
    },
  };
}
