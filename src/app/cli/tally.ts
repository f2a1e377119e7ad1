// The summary of a replay.
import type { Alert } from '../../core/alert.ts';
import type { ScoreReport } from '../../core/sink.ts';

export interface TallySummary {
  readonly windows: number;
  readonly anomalousWindows: number;
  /** Different alerts, in any state. */
  readonly alerts: number;
  /** Alerts that the recording ended in. */
  readonly stillOpen: number;
  readonly recordedS: number;
  readonly elapsedS: number;
}

export interface Tally {
  readonly report: (report: ScoreReport) => void;
  readonly alert: (alert: Alert) => void;
  summary(): TallySummary;
  text(): string;
}

export function createTally(): Tally {
  const startMs = performance.now();
  const states = new Map<string, Alert['state']>();
  let windows = 0;
  let anomalousWindows = 0;
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;
  const summary = (): TallySummary => ({
    windows,
    anomalousWindows,
    alerts: states.size,
    stillOpen: [...states.values()].filter((state) => state !== 'closed').length,
    recordedS: windows === 0 ? 0 : (lastMs - firstMs) / 1000,
    elapsedS: Math.round(performance.now() - startMs) / 1000,
  });
  return {
    report({ timeMs, anomalous }) {
      if (windows === 0) firstMs = timeMs;
      lastMs = timeMs;
      windows++;
      if (anomalous) anomalousWindows++;
    },
    alert: ({ id, state }) => void states.set(id, state),
    summary,
    text: () => inWords(summary()),
  };
}

function inWords(summary: TallySummary): string {
  const { windows, anomalousWindows, alerts, stillOpen, recordedS, elapsedS } = summary;
  const open = stillOpen > 0 ? `, ${stillOpen} still open at the end` : '';
  return (
    `${alerts} alerts${open}; ${windows} windows scored, ${anomalousWindows} above the level; ` +
    `${duration(recordedS)} in ${elapsedS.toFixed(1)} s`
  );
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
