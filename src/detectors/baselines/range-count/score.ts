// Number of channels of the newest row outside their range in training. The simplest baseline: no model, no tuning.
import { type DetectorPlugin, statelessDetector, tensorOf } from '../../detector-plugin.ts';

/** Sarfraz et al. 2024, "Position: Quo vadis, unsupervised time series anomaly detection?": sensor range deviation. */
export const rangeCount: DetectorPlugin = {
  kind: 'range-count',
  summary: 'channels outside their range in training',
  load(model) {
    const shape = [model.channels.length];
    const low = tensorOf(model, 'low', shape);
    const high = tensorOf(model, 'high', shape);
    return statelessDetector(model, ({ width, values }) => {
      const newest = values.subarray(-width);
      const expected = newest.map((value, c) =>
        Math.min(Math.max(value, low[c] as number), high[c] as number),
      );
      const perChannel = expected.map((nearest, c) => (nearest === newest[c] ? 0 : 1));
      return { value: perChannel.reduce((sum, outside) => sum + outside, 0), perChannel, expected };
    });
  },
};
