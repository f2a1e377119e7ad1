// An alert in one line, for people.
import type { Alert, AlertChannel } from '../../core/alert.ts';

/** The channels that are worth a reader's time. */
const NAMED = 3;

export function alertText(alert: Alert): string {
  const when = new Date(alert.timeMs).toISOString().slice(0, 19).replace('T', ' ');
  const head = `${when}  ${alert.state.padEnd(7)}  ${alert.severity.padEnd(8)} ${alert.streamId}`;
  return `${head}  ${whatOf(alert)}${channelsOf(alert)}`;
}

function whatOf(alert: Alert): string {
  const what = alert.kind === 'anomaly' ? `score ${figure(alert.score)}` : alert.kind;
  if (alert.endMs === null) return what;
  const seconds = Math.round((alert.endMs - alert.startMs) / 1000);
  return alert.kind === 'anomaly'
    ? `after ${seconds} s, peak ${figure(alert.peak)}`
    : `${what} after ${seconds} s`;
}

function channelsOf({ channels }: Alert): string {
  const named = channels.slice(0, NAMED).map(channelText);
  return named.length === 0 ? '' : `  ${named.join(', ')}`;
}

function channelText({ id, unit, share, value, expected }: AlertChannel): string {
  const percent = `${Math.round(share * 100)}%`;
  if (value === null) return `${id} ${percent}`;
  const usual = expected === null ? '' : `, usually ${figure(expected)}`;
  return `${id} ${percent} (${figure(value)}${unit === '' ? '' : ` ${unit}`}${usual})`;
}

/** Three digits tell a person enough. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
