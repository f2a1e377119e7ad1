// What a stream is to a Sparkplug host: one device with these metrics.
import type { Alert } from '../../../core/alert.ts';
import type { ScoreReport } from '../../../core/sink.ts';
import { round } from '../../text/alert-payload.ts';
import type { Metric } from './codec.ts';

/** Every metric that a stream will ever report on, not known yet. */
export function unknownMetrics(timeMs: number): readonly Metric[] {
  const of = (type: Metric['type'], ...names: readonly string[]): Metric[] =>
    names.map((name) => ({ name, type, value: null, timeMs }));
  return [
    ...of('Double', 'Score', 'Level'),
    ...of('Boolean', 'Anomalous', 'Alert/Active'),
    ...of('String', 'Alert/Id', 'Alert/State', 'Alert/Kind', 'Alert/Severity', 'Alert/Channel'),
    ...of('Double', 'Alert/Peak'),
  ];
}

export function scoreMetrics({ timeMs, score, level, anomalous }: ScoreReport): readonly Metric[] {
  return [
    { name: 'Score', type: 'Double', value: round(score), timeMs },
    { name: 'Level', type: 'Double', value: round(level), timeMs },
    { name: 'Anomalous', type: 'Boolean', value: anomalous, timeMs },
  ];
}

/** Of the newest alert state, whichever alert of the stream it is of; `active` = any of them is open. */
export function alertMetrics(alert: Alert, active: boolean): readonly Metric[] {
  const { id, state, kind, severity, peak, channels, timeMs } = alert;
  return [
    { name: 'Alert/Active', type: 'Boolean', value: active, timeMs },
    { name: 'Alert/Id', type: 'String', value: id, timeMs },
    { name: 'Alert/State', type: 'String', value: state, timeMs },
    { name: 'Alert/Kind', type: 'String', value: kind, timeMs },
    { name: 'Alert/Severity', type: 'String', value: severity, timeMs },
    { name: 'Alert/Peak', type: 'Double', value: round(peak), timeMs },
    { name: 'Alert/Channel', type: 'String', value: channels[0]?.id ?? null, timeMs },
  ];
}
