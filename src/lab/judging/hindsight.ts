// An upper bound for alerts: the best constant level for given scores, chosen by the labels.
import type { Alert } from '../../core/alert.ts';
import type { Channel } from '../../core/sample.ts';
import { ratioOf, type Threshold, teach, type Verdict } from '../../core/threshold.ts';
import type { Agreement } from '../../detection/alerts/agreement.ts';
import { type AlertOptions, alertOptions } from '../../detection/alerts/alert-options.ts';
import { counts } from '../../detection/alerts/anomaly.ts';
import { createAlertPolicy } from '../../detection/alerts/policy.ts';
import { quantileOfSorted, sorted } from '../../engine/statistics.ts';
import { matchOpenings, type OpeningMatch } from '../evaluation/openings.ts';
import type { Segment } from '../series/segments.ts';

/** Levels that are tried: half at shares of rows above them, half at heights, both evenly on a logarithmic scale. */
const LEVELS = 64;
const LARGEST_SHARE = 0.3;

const NO_CHANNELS: readonly Channel[] = [];

/**
 * The most events that any constant level catches with at most `mostFalse` false alarms, through the default policy; of
 * levels that catch as many the one with fewest false alarms. O(levels * rows).
 */
export function bestConstantLevel(
  scores: Float64Array,
  timeMs: Float64Array,
  events: readonly Segment[],
  mostFalse: number,
): OpeningMatch & { readonly level: number } {
  let best = { ...matchOpenings(events, []), level: Number.POSITIVE_INFINITY };
  for (const level of candidateLevels(scores)) {
    const match = matchOpenings(events, openingsAt(scores, timeMs, level));
    const better =
      match.caught > best.caught ||
      (match.caught === best.caught && match.falseAlarms < best.falseAlarms);
    if (match.falseAlarms <= mostFalse && better) best = { ...match, level };
  }
  return best;
}

/** Shares alone would give no level between two heights that many rows share. */
function candidateLevels(scores: Float64Array): readonly number[] {
  const ascending = sorted([...scores]);
  const lowest = quantileOfSorted(ascending, 1 - LARGEST_SHARE);
  const greatest = ascending.at(-1) ?? 0;
  const steps = Array.from({ length: LEVELS / 2 }, (_, i) => i / (LEVELS / 2 - 1));
  const byShare = steps.map((step) => {
    const share = LARGEST_SHARE * (1 / (LARGEST_SHARE * scores.length)) ** step;
    return quantileOfSorted(ascending, 1 - share);
  });
  const byHeight = steps.map((step) => lowest * (greatest / lowest) ** step);
  return [...byShare, ...byHeight].filter((level) => level > 0).toSorted((a, b) => a - b);
}

/** Rows in which the policy would have opened an alert at a constant level. */
export function openingsAt(
  scores: Float64Array,
  timeMs: Float64Array,
  level: number,
): readonly number[] {
  const judge = (value: number): Verdict => ({ anomalous: value > level, level });
  return alertsUnder(judge, scores, timeMs).map(({ row }) => row);
}

/** The same with the levels of a threshold, which adapts to the scores it judges. */
export function openingsWith(
  threshold: Threshold,
  scores: Float64Array,
  timeMs: Float64Array,
  alerts?: AlertOptions,
  agreements?: readonly Agreement[],
): readonly number[] {
  return alertsWith(threshold, scores, timeMs, alerts, agreements).map(({ row }) => row);
}

/** An alert, in the last state that was reported of it. */
export interface PlayedAlert {
  /** In which it opened. */
  readonly row: number;
  readonly last: Alert;
}

/** The same with the alerts themselves. `agreements` are those of the rows; absent = far. */
export function alertsWith(
  threshold: Threshold,
  scores: Float64Array,
  timeMs: Float64Array,
  alerts: AlertOptions = alertOptions.parse({}),
  agreements: readonly Agreement[] = [],
): readonly PlayedAlert[] {
  const judge = (score: number, row: number): Verdict => {
    const verdict = threshold.judge(score);
    teach(threshold, score, verdict);
    const { beyondSeen } = verdict;
    const agreement = agreements[row] ?? 'far';
    const counted = counts({ ratio: ratioOf(score, verdict), beyondSeen, agreement }, alerts);
    return { ...verdict, anomalous: verdict.anomalous && counted };
  };
  return alertsUnder(judge, scores, timeMs, alerts);
}

/** Alerts of the policy, as they open, when `judge`, called once a row in order, gives the verdicts. */
function alertsUnder(
  judge: (score: number, row: number) => Verdict,
  scores: Float64Array,
  timeMs: Float64Array,
  alerts: AlertOptions = alertOptions.parse({}),
): readonly PlayedAlert[] {
  const policy = createAlertPolicy(alerts, {
    streamId: '',
    channels: NO_CHANNELS,
    scaler: { kind: 'standard', offset: [], scale: [], clip: 1 },
    modelId: '',
  });
  const none = new Float32Array(0);
  const played = new Map<string, PlayedAlert>();
  for (const [row, value] of scores.entries()) {
    const window = {
      ...{ streamId: '', endMs: timeMs[row] as number, length: 0, width: 0, values: none },
      ...{ latest: new Float64Array(0), imputed: 0 },
    };
    for (const last of policy.step(window, { value, perChannel: none }, judge(value, row))) {
      played.set(last.id, { row: played.get(last.id)?.row ?? row, last });
    }
  }
  return [...played.values()];
}
