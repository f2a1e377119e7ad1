// Metrics for Prometheus: of the daemon and of its streams.
import type { Alert } from '../../core/alert.ts';
import type { Control, DaemonInfo } from '../../core/control.ts';
import type { Health, StreamHealth } from '../../core/health.ts';
import type { Measured, Metric } from '../../io/metrics/exposition.ts';

export interface Shown {
  readonly control: Pick<Control, 'info' | 'health' | 'standing'>;
  openAlerts(streamId: string): readonly Alert[];
}

/** Throws `StoreError` when the history cannot be read. */
export function metricsOf(shown: Shown): Metric[] {
  const info = shown.control.info();
  const health = shown.control.health();
  return [...ofDaemon(info, health), ...ofScores(health), ...ofStreams(info, shown)];
}

function ofDaemon({ version, node }: DaemonInfo, health: Health): Metric[] {
  const waiting = Object.entries(health.waiting).map(([sink, value]) => ({
    labels: { sink },
    value,
  }));
  return [
    gauge('info', 'Version and name of the daemon.', [{ labels: { version, node }, value: 1 }]),
    gauge('uptime_seconds', 'Time since the daemon started.', [{ value: health.uptimeS }]),
    gauge('resident_memory_bytes', 'Memory of the daemon.', [{ value: health.rssBytes }]),
    gauge('event_loop_lag_seconds', 'Longest delay of the event loop in the last minute.', [
      { value: health.eventLoopLagMs / 1000 },
    ]),
    gauge('unsent_alert_states', 'Alert states that wait for a sink.', waiting),
    counter('dropped_alert_states_total', 'Alert states dropped unsent.', [
      { value: health.dropped },
    ]),
  ];
}

function ofScores({ streams }: Health): Metric[] {
  const each = (measure: (stream: StreamHealth) => number | null | undefined): Measured[] =>
    streams.flatMap((stream) => {
      const value = measure(stream);
      return value === null || value === undefined
        ? []
        : [{ labels: { stream: stream.id }, value }];
    });
  return [
    counter(
      'scored_rows_total',
      'Rows scored.',
      each(({ scored }) => scored),
    ),
    gauge(
      'score_ratio',
      'Newest score; 1 is the alert level.',
      each(({ score }) => score),
    ),
    gauge(
      'last_row_timestamp_seconds',
      'Time of the newest scored row, Unix.',
      each(({ lastMs }) => lastMs && lastMs / 1000),
    ),
    gauge(
      'drift_ratio',
      'Median of the newest normal scores over that of the first, while they have drifted.',
      each(({ drift }) => drift?.ratio),
    ),
    gauge(
      'expected_false_alarms_per_day',
      'False alarms that are expected a day with the alert level in force.',
      each(({ promise }) => promise?.falseAlarmsPerDay),
    ),
  ];
}

function ofStreams({ streams }: DaemonInfo, { control, openAlerts }: Shown): Metric[] {
  const ids = streams.map(({ id }) => id);
  return [
    gauge(
      'learning',
      '1 while a stream learns what is normal.',
      streams.map(({ id, model }) => ({ labels: { stream: id }, value: model ? 0 : 1 })),
    ),
    gauge(
      'silenced',
      '1 while alerts of a stream are kept back, by a silence or a maintenance window.',
      ids.map((id) => {
        const { silencedUntilMs, maintenance } = control.standing(id);
        const silent = silencedUntilMs !== null || maintenance !== null;
        return { labels: { stream: id }, value: silent ? 1 : 0 };
      }),
    ),
    gauge(
      'open_alerts',
      'Alerts that have not ended.',
      ids.flatMap((id) => countedBySeverity(id, openAlerts(id))),
    ),
  ];
}

function countedBySeverity(stream: string, open: readonly Alert[]): Measured[] {
  return (['info', 'warning', 'critical'] as const).map((severity) => ({
    labels: { stream, severity },
    value: open.filter((alert) => alert.severity === severity).length,
  }));
}

type Written = (name: string, help: string, values: readonly Measured[]) => Metric;

const gauge: Written = (name, help, values) => ({
  ...{ name: `sentigon_${name}`, help, values },
  type: 'gauge',
});

const counter: Written = (name, help, values) => ({
  ...{ name: `sentigon_${name}`, help, values },
  type: 'counter',
});
