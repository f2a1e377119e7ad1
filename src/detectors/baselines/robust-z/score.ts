// Distance of the newest row to the training median, in robust standard deviations, averaged over channels.
import { type DetectorPlugin, statelessDetector } from '../../detector-plugin.ts';

/** The model needs only its scaler: scaled values are robust z-scores. */
export const robustZ: DetectorPlugin = {
  kind: 'robust-z',
  summary: 'mean absolute robust z-score of the newest row',
  load: (model) =>
    statelessDetector(model, ({ width, values }) => {
      const perChannel = values.subarray(-width).map((z) => Math.abs(z) / width);
      const value = perChannel.reduce((sum, share) => sum + share, 0);
      // Scaled values are centred on the training median.
      return { value, perChannel, expected: new Float32Array(width) };
    }),
};
