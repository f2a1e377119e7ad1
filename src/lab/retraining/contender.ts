// A model as a stream would run it, with its own threshold, on a recorded stretch.

import { alertScore } from '../../core/detector.ts';
import { lookUp } from '../../core/registry.ts';
import type { Series } from '../../core/series.ts';
import { ratioOf, teach } from '../../core/threshold.ts';
import type { AlertOptions } from '../../detection/alerts/alert-options.ts';
import { createAlertPolicy } from '../../detection/alerts/policy.ts';
import { UsualRanges } from '../../detection/alerts/usual-ranges.ts';
import { createThreshold } from '../../detection/create-threshold.ts';
import type { GapOptions } from '../../detection/windows/window-options.ts';
import { type DetectionKinds, detectionKinds } from '../../detectors/index.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { type Model, watchedChannels } from '../../models/model.ts';
import { scoreSeries } from '../series/score-series.ts';

/** Settings of a stream that apply to any model. */
export interface StreamSettings {
  readonly threshold: { readonly kind: string; readonly options: unknown };
  readonly alerts: AlertOptions;
  readonly windows: GapOptions;
}

export interface Contender {
  readonly model: Model;
  /** State of its threshold since training; absent = none yet. */
  readonly learnt?: unknown;
}

export interface Ran {
  /** Score over level of every row that was scored. */
  readonly ratios: Float64Array;
  /** Times at which alerts opened, Unix milliseconds. */
  readonly openedMs: readonly number[];
}

/** `before` are the rows just before `series`: they fill the first window. Throws `CalibrationError`. */
export function runContender(
  { model, learnt }: Contender,
  { before, series }: { readonly before: Series; readonly series: Series },
  { threshold: choice, alerts, windows }: StreamSettings,
  {
    kernels,
    kinds = detectionKinds(),
  }: { readonly kernels: Kernels; readonly kinds?: DetectionKinds },
): Ran {
  const { logarithmic = false, ...kind } = lookUp(kinds.detectors, model.kind, 'detector');
  const detector = kind.load(model, kernels);
  const plugin = lookUp(kinds.thresholds, choice.kind, 'threshold');
  const options = plugin.options.parse(choice.options);
  const threshold = createThreshold({ plugin, options, logarithmic, alerts }, model, learnt);
  const { scaler, id: modelId } = model;
  const channels = watchedChannels(model);
  const usual = new UsualRanges({
    channels,
    intervalMs: model.intervalMs,
    known: model.usual ?? [],
  });
  const context = { streamId: series.id, channels, scaler, modelId, usual };
  const policy = createAlertPolicy(alerts, context);
  const ratios: number[] = [];
  const openedMs: number[] = [];
  scoreSeries(series, {
    detector,
    model: { ...model, windowLength: detector.windowLength },
    warmUp: before,
    gaps: windows,
    observe(_, window, said) {
      const score = alertScore(said);
      const verdict = threshold.judge(score.value);
      teach(threshold, score.value, verdict);
      ratios.push(ratioOf(score.value, verdict));
      for (const { state, timeMs } of policy.step(window, score, verdict)) {
        if (state === 'opened') openedMs.push(timeMs);
      }
    },
  });
  return { ratios: Float64Array.from(ratios), openedMs };
}
