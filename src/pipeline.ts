// The daemon on one screen: sample -> window -> score -> verdict -> alert.
import type { Alert, AlertPolicy, HealthCheck } from './core/alert.ts';
import { alertScore, type Detector } from './core/detector.ts';
import type { ScoreReport } from './core/sink.ts';
import type { Source } from './core/source.ts';
import { ratioOf, type Threshold, teach } from './core/threshold.ts';
import type { Windower } from './core/window.ts';

/** The stages of one stream, in the order a sample passes them. */
export interface Stages {
  readonly health: HealthCheck;
  readonly windower: Windower;
  readonly detector: Detector;
  readonly threshold: Threshold;
  readonly policy: AlertPolicy;
  /** Whether a row is not to be learnt from, e.g. during maintenance; absent = each row may be. */
  readonly quiet?: (timeMs: number) => boolean;
  /** Called with every score, for the history and the score topic. */
  readonly observe: (report: ScoreReport) => void;
}

/**
 * Watches one source until it ends or the signal aborts, and yields an alert whenever its state changes. The threshold
 * learns only from scores that it judges normal, and not from scores of a quiet time.
 */
export async function* monitor(
  source: Source,
  stages: Stages,
  signal: AbortSignal,
): AsyncGenerator<Alert> {
  for await (const sample of source.samples(signal)) {
    yield* stages.health.check(sample);
    for (const window of stages.windower.push(sample)) {
      const score = alertScore(stages.detector.score(window));
      const verdict = stages.threshold.judge(score.value);
      const quiet = stages.quiet?.(window.endMs) ?? false;
      teach(stages.threshold, score.value, verdict, quiet);
      stages.observe({
        streamId: sample.streamId,
        timeMs: window.endMs,
        score: ratioOf(score.value, verdict),
        level: verdict.level,
        value: score.value,
        anomalous: verdict.anomalous,
        ...(quiet && { quiet }),
      });
      const alert = stages.policy.step(window, score, verdict, quiet);
      if (alert) yield alert;
    }
  }
}
