// The hard limits of a stream, from its first sample on: before there is a model, while one is learnt, and with each model.
import type { Alert } from '../../core/alert.ts';
import type { Sample } from '../../core/sample.ts';
import { createLimitCheck, type LimitCheck } from '../../detection/alerts/limits.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import type { Stream } from '../compose/stream.ts';

/**
 * Takes the samples as the source gives them, with all its channels: a model may leave some out. A source may know its
 * channels only with its first sample; then an unknown one throws `ConfigError`. Alerts that an earlier run of a live
 * source left open go on.
 */
export function watchLimits(
  { id: streamId, config: { alerts }, source }: Pick<Stream, 'id' | 'config' | 'source'>,
  { openAlerts }: Pick<Dispatcher, 'openAlerts'>,
): LimitCheck {
  let limits: LimitCheck | undefined;
  const begun = (): LimitCheck => {
    const resume = source.live ? openAlerts(streamId) : [];
    return createLimitCheck(alerts, { streamId, channels: source.channels, resume });
  };
  return {
    check(sample: Sample): readonly Alert[] {
      limits ??= begun();
      return limits.check(sample);
    },
    finish: () => limits?.finish() ?? [],
  };
}
