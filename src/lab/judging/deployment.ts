// A trained model on a labelled series as the daemon would run it: scores, default threshold, default alert policy.
import type { Alert } from '../../core/alert.ts';
import { alertScore, type Detector, type Score } from '../../core/detector.ts';
import { KnownError } from '../../core/errors.ts';
import { lookUp } from '../../core/registry.ts';
import { type Threshold, teach } from '../../core/threshold.ts';
import type { Window } from '../../core/window.ts';
import { type Agreement, agreementOf } from '../../detection/alerts/agreement.ts';
import { type AlertOptions, alertOptions } from '../../detection/alerts/alert-options.ts';
import { blameShares, rowBlame } from '../../detection/alerts/blame.ts';
import { createAlertPolicy } from '../../detection/alerts/policy.ts';
import { UsualRanges } from '../../detection/alerts/usual-ranges.ts';
import { createThreshold } from '../../detection/create-threshold.ts';
import { DEFAULT_THRESHOLD, thresholds } from '../../detection/thresholds/index.ts';
import { detectors } from '../../detectors/index.ts';
import { usualIn } from '../../detectors/training/trainer.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { type Model, watchedChannels } from '../../models/model.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import { type ScoringSetup, type SeriesScores, scoreSeries } from '../series/score-series.ts';
import type { Segment } from '../series/segments.ts';

/** What the daemon would have done. */
export interface Deployed {
  /** (N,) the scores that alerts were decided on, see `alertScore`; 0 where none was due. */
  readonly alertScores: Float64Array;
  /** (N, C) row-major, what an alert would have blamed in each labelled row; 0 in others, where a daemon blames nothing. */
  readonly blames: Float32Array;
  /** (N,) rows above the level in force. */
  readonly anomalous: Uint8Array;
  /** (N,) the level in force on the scale of the score; 0 while the first window fills. */
  readonly levels: Float64Array;
  /** Alerts in Unix milliseconds: [reported, closed). */
  readonly alerts: readonly Segment[];
  /** Rows in which they opened, in the same order. */
  readonly openings: readonly number[];
  /** The first state of each, in the same order: what it blamed when it opened. */
  readonly opened: readonly Alert[];
  /** The last state of each, in the same order: its peak and the channels it blames. */
  readonly states: readonly Alert[];
}

/** Sees each score with its window, which is borrowed. `agreement` finds that of its channels, while it is called. */
export type DeploymentObserver = (
  row: number,
  window: Window,
  score: Score,
  agreement: () => Agreement,
) => void;

interface Deployment {
  readonly observe?: DeploymentObserver;
  /** Absent = the model's own. */
  readonly detector?: Detector;
  /** Absent = the defaults. */
  readonly alerts?: AlertOptions;
}

/** `deployed` is undefined if the calibration is too short to set a level. */
export function deploy(
  { test, train, labels }: LabelledSeries,
  model: Model,
  kernels: Kernels,
  { detector, observe, alerts = alertOptions.parse({}) }: Deployment = {},
): SeriesScores & { readonly deployed: Deployed | undefined } {
  const scorer = detector ?? lookUp(detectors, model.kind, 'detector').load(model, kernels);
  const setup = { detector: scorer, model, warmUp: train };
  const threshold = fitted(model, alerts);
  if (!threshold) {
    const observed: ScoringSetup['observe'] = (...row) => observe?.(...row, () => 'far');
    return { ...scoreSeries(test, { ...setup, observe: observed }), deployed: undefined };
  }
  const { scaler, id: modelId } = model;
  const channels = watchedChannels(model);
  const { intervalMs } = model;
  const usual = new UsualRanges({ channels, intervalMs, known: usualIn(train, model) });
  const blaming = { channels, scaler, usual };
  const blame = rowBlame(blaming);
  const policy = createAlertPolicy(alerts, { streamId: test.id, modelId, ...blaming, blame });
  const blames = new Float32Array(test.values.length);
  const alertScores = new Float64Array(test.timeMs.length);
  const anomalous = new Uint8Array(test.timeMs.length);
  const levels = new Float64Array(test.timeMs.length);
  const ledger = new AlertLedger();
  const scores = scoreSeries(test, {
    ...setup,
    observe: (row, window, said) => {
      const score = alertScore(said);
      observe?.(row, window, said, () =>
        agreementOf(window, score, blame(window, score).slice(0, alerts.topChannels), blaming),
      );
      const verdict = threshold.judge(score.value);
      teach(threshold, score.value, verdict);
      alertScores[row] = score.value;
      anomalous[row] = verdict.anomalous ? 1 : 0;
      if (labels[row] !== 0) blames.set(blameShares(window, score, blaming), row * channels.length);
      levels[row] = (verdict.usual ?? 0) + verdict.level;
      ledger.note(policy.step(window, score, verdict), row);
    },
  });
  ledger.note(policy.finish(), test.timeMs.length);
  return {
    ...scores,
    deployed: { blames, alertScores, anomalous, levels, ...ledger.all() },
  };
}

/** Collects the intervals from the report of each alert to its end. */
class AlertLedger {
  readonly #told = new Map<string, Segment>();
  readonly #states = new Map<string, Alert>();
  readonly #opened = new Map<string, { readonly row: number; readonly alert: Alert }>();

  note(alerts: readonly Alert[], row: number): void {
    for (const alert of alerts) {
      if (!this.#opened.has(alert.id)) this.#opened.set(alert.id, { row, alert });
      const start = this.#told.get(alert.id)?.start ?? alert.timeMs;
      this.#told.set(alert.id, { start, end: alert.endMs ?? Number.POSITIVE_INFINITY });
      this.#states.set(alert.id, alert);
    }
  }

  all(): Pick<Deployed, 'alerts' | 'openings' | 'opened' | 'states'> {
    return {
      alerts: [...this.#told.values()],
      openings: [...this.#opened.values()].map(({ row }) => row),
      opened: [...this.#opened.values()].map(({ alert }) => alert),
      states: [...this.#states.values()],
    };
  }
}

/** The daemon's default threshold on the model's calibration. */
function fitted(model: Model, alerts: AlertOptions): Threshold | undefined {
  const plugin = lookUp(thresholds, DEFAULT_THRESHOLD, 'threshold');
  const options = plugin.options.parse({});
  const { logarithmic = false } = lookUp(detectors, model.kind, 'detector');
  try {
    return createThreshold({ plugin, options, logarithmic, alerts }, model);
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
