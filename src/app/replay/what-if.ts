// What other budgets of false alarms would have given on the same scores: beside the threshold and policy of the stream others
// decide, a pair for each budget, while the detector scores each row once.
import type { Score } from '../../core/detector.ts';
import { teach } from '../../core/threshold.ts';
import type { Window } from '../../core/window.ts';
import { matchOpenings, openingRows } from '../../lab/evaluation/metrics.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import type { Segment } from '../../lab/series/segments.ts';
import type { Decision } from '../compose/compose.ts';
import type { Beside } from '../streams/watch-context.ts';
import { textTable } from '../text-table.ts';

export interface WhatIf {
  readonly beside: Beside;
  /** In the order of the budgets. `labelled` is what the recording is known to hold. */
  outcomes(labelled: LabelledSeries | undefined): readonly WhatIfOutcome[];
}

export interface WhatIfOutcome {
  /** What was asked for. */
  readonly falseAlarmsPerDay: number;
  /** Anomalies that opened. */
  readonly alerts: number;
  readonly alertsPerDay: number;
  /** Alerts by where they opened, and the faults since the first scored row; absent = the recording has no labels. */
  readonly labelled?: Judged;
  /** Whether its level is set for what was asked. */
  readonly follows: boolean;
}

interface Judged {
  readonly faults: number;
  readonly caught: number;
  readonly falseAlarms: number;
  readonly falseAlarmsPerDay: number;
}

const DAY_MS = 86_400_000;

/** `budgets` are false alarms a day. */
export function createWhatIf(budgets: readonly number[]): WhatIf {
  let alternatives: readonly Alternative[] = [];
  let scored = { rows: 0, rowMs: 0, firstMs: Number.NaN };
  return {
    beside(stages, { decide, intervalMs }) {
      alternatives = budgets.map((budget) => new Alternative(budget, decide(budget)));
      scored = { rows: 0, rowMs: intervalMs, firstMs: Number.NaN };
      const { policy, quiet: isQuiet = () => false } = stages;
      return {
        ...stages,
        policy: {
          step(window, score, verdict, quiet) {
            if (scored.rows === 0) scored.firstMs = window.endMs;
            scored.rows += 1;
            for (const one of alternatives) one.step(window, score, isQuiet(window.endMs));
            return policy.step(window, score, verdict, quiet);
          },
          finish: () => policy.finish(),
          accept: (alertId) => policy.accept(alertId),
          left: (saved) => policy.left(saved),
          usual: () => policy.usual(),
        },
      };
    },
    outcomes(labelled) {
      const days = (scored.rows * scored.rowMs) / DAY_MS;
      const faults = labelled && faultsSince(scored.firstMs, labelled);
      return alternatives.map((one) => one.outcome(days, faults));
    },
  };
}

interface KnownFaults {
  readonly segments: readonly Segment[];
  readonly timeMs: Float64Array;
}

/** Without those that were over before anything was scored, e.g. while the stream learnt. */
function faultsSince(firstMs: number, { segments, test: { timeMs } }: LabelledSeries): KnownFaults {
  const last = ({ end }: Segment): number => timeMs[end - 1] ?? Number.POSITIVE_INFINITY;
  return { segments: segments.filter((segment) => last(segment) >= firstMs), timeMs };
}

class Alternative {
  readonly #budget: number;
  readonly #decision: Decision;
  readonly #openedMs: number[] = [];

  constructor(budget: number, decision: Decision) {
    this.#budget = budget;
    this.#decision = decision;
  }

  step(window: Window, score: Score, quiet: boolean): void {
    const { threshold, policy } = this.#decision;
    const verdict = threshold.judge(score.value);
    teach(threshold, score.value, verdict, quiet);
    for (const { state, timeMs } of policy.step(window, score, verdict)) {
      if (state === 'opened') this.#openedMs.push(timeMs);
    }
  }

  outcome(days: number, faults: KnownFaults | undefined): WhatIfOutcome {
    const alerts = this.#openedMs.length;
    return {
      ...{ falseAlarmsPerDay: this.#budget, alerts, alertsPerDay: perDay(alerts, days) },
      ...(faults && { labelled: this.#judged(days, faults) }),
      follows: this.#decision.threshold.promise?.() !== undefined,
    };
  }

  #judged(days: number, { segments, timeMs }: KnownFaults): Judged {
    const openings = openingRows(this.#openedMs, timeMs);
    const { events: faults, caught, falseAlarms } = matchOpenings(segments, openings);
    return { faults, caught, falseAlarms, falseAlarmsPerDay: perDay(falseAlarms, days) };
  }
}

function perDay(count: number, days: number): number {
  return days > 0 ? count / days : 0;
}

/** A line for each budget, and what to know of them. `threshold` is the kind that the stream has. */
export function whatIfText(outcomes: readonly WhatIfOutcome[], threshold: string): string {
  const labelled = outcomes.some((outcome) => outcome.labelled);
  const head = [
    'accepted false alarms a day',
    'alerts',
    'a day',
    ...(labelled ? ['caught', 'false', 'false a day'] : []),
  ];
  const table = textTable([head, ...outcomes.map(cellsOf)], () => true);
  const fixed = outcomes.some(({ follows }) => !follows);
  const note = `The level of threshold '${threshold}' does not depend on the accepted false alarms: choose another kind.`;
  return fixed ? `${table}\n${note}` : table;
}

function cellsOf({ falseAlarmsPerDay, alerts, alertsPerDay, labelled }: WhatIfOutcome): string[] {
  return [
    ...[String(falseAlarmsPerDay), String(alerts), rate(alertsPerDay)],
    ...(labelled
      ? [
          `${labelled.caught} of ${labelled.faults}`,
          String(labelled.falseAlarms),
          rate(labelled.falseAlarmsPerDay),
        ]
      : []),
  ];
}

function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}
