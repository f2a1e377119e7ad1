// The daemon on one screen: sample -> window -> score -> verdict -> alert.
import type { Alert, AlertPolicy, HealthCheck } from './core/alert.ts';
import { alertScore, type Detector } from './core/detector.ts';
import type { ScoreReport } from './core/sink.ts';
import type { Source } from './core/source.ts';
import { ratioOf, type Threshold, teach, type Verdict } from './core/threshold.ts';
import type { Window, Windower } from './core/window.ts';

/** The stages of one stream, in the order a sample passes them. */
export interface Stages {
  readonly health: HealthCheck;
  readonly windower: Windower;
  readonly detector: Detector;
  readonly threshold: Threshold;
  readonly policy: AlertPolicy;
  /** Whether a row is not to be learnt from, e.g. during maintenance; absent = each row may be. */
  readonly quiet?: (timeMs: number) => boolean;
  /** Whether the daemon itself disturbs the newest row, which then neither opens an alert nor is learnt from; absent = never. */
  readonly disturbed?: () => boolean;
  /** Called with every score, for the history and the score topic. */
  readonly observe: (report: ScoreReport) => void;
}

/**
 * Watches one source until it ends or the signal aborts, and yields an alert whenever its state changes. The threshold
 * learns only from scores that it judges normal, and not from scores of a quiet or disturbed time.
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
      const disturbed = stages.disturbed?.() ?? false;
      const quiet = disturbed || (stages.quiet?.(window.endMs) ?? false);
      teach(stages.threshold, score.value, verdict, quiet);
      stages.observe(reportOf(window, score.value, verdict, quiet));
      const counted = disturbed ? { ...verdict, anomalous: false } : verdict;
      yield* stages.policy.step(window, score, counted, quiet);
    }
  }
}

function reportOf(
  { streamId, endMs }: Window,
  value: number,
  verdict: Verdict,
  quiet: boolean,
): ScoreReport {
  const { level, anomalous } = verdict;
  const score = ratioOf(value, verdict);
  return { streamId, timeMs: endMs, score, level, value, anomalous, ...(quiet && { quiet }) };
}
