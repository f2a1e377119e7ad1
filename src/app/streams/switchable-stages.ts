// Stages whose model can be exchanged while they run, between two rows.
import type { ComposedStages } from '../compose/compose.ts';

export interface Switchable {
  /** For the pipeline: always the current stages. */
  readonly stages: ComposedStages;
  /** Exchanges the stages before the next row: `make` is called with its time, Unix milliseconds. */
  exchange(make: (beforeMs: number) => ComposedStages): void;
  /** To be called before the pipeline gets a row, with the time of the row. */
  beforeRow(timeMs: number): void;
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
      disturbed: () => current.disturbed?.() ?? false,
      observe: (report) => current.observe(report),
    },
    exchange(make) {
      next = make;
    },
    beforeRow(timeMs) {
      if (next) current = next(timeMs);
      next = undefined;
    },
  };
}
