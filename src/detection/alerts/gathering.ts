// Rows gather until there is enough of an anomaly to speak of.
import type { AlertOptions } from './alert-options.ts';
import { type Anomaly, higher, type Peak } from './anomaly.ts';

export type GatheringOptions = Pick<AlertOptions, 'openCount' | 'openWithin' | 'minDurationMs'>;

/**
 * Answers with the anomaly once `openCount` of the last `openWithin` rows are anomalous and have been so for
 * `minDurationMs`. It starts at the first of the rows that made it one. Normal rows allocate nothing.
 */
export class Gathering {
  readonly #options: GatheringOptions;
  #anomalous: { readonly index: number; readonly timeMs: number; readonly peak: Peak }[] = [];
  #index = 0;
  #anomaly: Anomaly | undefined;

  constructor(options: GatheringOptions) {
    this.#options = options;
  }

  /** `peak` is what the row is made of, undefined = the row is normal. */
  push(timeMs: number, peak: Peak | undefined): Anomaly | undefined {
    const { openCount, openWithin, minDurationMs } = this.#options;
    const rows = this.#anomalous;
    this.#index++;
    if (peak) rows.push({ index: this.#index, timeMs, peak });
    while (rows[0] && rows[0].index <= this.#index - openWithin) rows.shift();
    const [first] = rows;
    if (!first || rows.length < openCount) {
      this.#anomaly = undefined;
      return undefined;
    }
    const { startMs, peak: before } = this.#anomaly ?? { startMs: first.timeMs, peak: first.peak };
    this.#anomaly = { startMs, peak: rows.reduce((most, row) => higher(most, row.peak), before) };
    return timeMs - startMs >= minDurationMs ? this.#anomaly : undefined;
  }

  clear(): void {
    this.#anomalous = [];
    this.#anomaly = undefined;
  }
}
