// Scores a recorded series through the same windower as the daemon.
import type { Detector, Score } from '../../../src/core/detector.ts';
import { rowOf, type Series } from '../../../src/core/series.ts';
import { SlidingWindow } from '../../../src/detection/windows/sliding-window.ts';
import type { Model } from '../../../src/models/model.ts';

/** One score a row; undefined while the window warms up. */
export function scoreSeries(
  detector: Detector,
  model: Model,
  series: Series,
): (Score | undefined)[] {
  const windower = new SlidingWindow({
    streamId: 's',
    length: model.windowLength,
    least: detector.leastLength,
    intervalMs: model.intervalMs,
    scaler: model.scaler,
  });
  return Array.from(series.timeMs, (timeMs, row) => {
    const [window] = windower.push({ streamId: 's', timeMs, values: rowOf(series, row) });
    return window && detector.score(window);
  });
}
