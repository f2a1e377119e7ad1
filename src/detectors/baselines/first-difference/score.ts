// Distance of the newest row to the row before: detects jumps, but not wrong levels.
import { type DetectorPlugin, statelessDetector } from '../../detector-plugin.ts';

/** Squared length of the step, in training deviations of the values. */
export const firstDifference: DetectorPlugin = {
  kind: 'first-difference',
  summary: 'squared step from the row before',
  load: (model) =>
    statelessDetector(model, ({ width, values }) => {
      const before = values.slice(-2 * width, -width);
      const perChannel = before.map(
        (value, c) => (value - (values[values.length - width + c] as number)) ** 2,
      );
      return {
        value: perChannel.reduce((sum, share) => sum + share, 0),
        perChannel,
        expected: before,
      };
    }),
};
