// An alert in one line for people: as it arrives over MQTT, or as a replay prints it.
import type { AlertPayload } from '../../io/text/alert-payload.ts';

/** Channels that are named. */
const NAMED = 3;

export function alertText(alert: AlertPayload): string {
  const when = alert.ts.slice(0, 19).replace('T', ' ');
  const head = `${when}  ${alert.event_type.padEnd(7)}  ${alert.severity.padEnd(8)}  ${alert.stream}`;
  const channels = alert.attribution.slice(0, NAMED).map(channelText).join(', ');
  return `${head}  ${whatOf(alert).padEnd(22)}  ${channels}`.trimEnd();
}

function whatOf(alert: AlertPayload): string {
  const lasted = alert.end === null ? '' : `after ${Math.round(alert.duration_s)} s`;
  if (alert.kind !== 'anomaly') return [alert.kind, lasted].filter(Boolean).join(' ');
  return lasted ? `${lasted}, peak ${figure(alert.peak)}` : `score ${figure(alert.score)}`;
}

function channelText(part: AlertPayload['attribution'][number]): string {
  const { channel, share, value, expected, unit } = part;
  const percent = `${Math.round(share * 100)}%`;
  if (value === null) return `${channel} ${percent}`;
  const usual = expected === null ? '' : `, usually ${figure(expected)}`;
  return `${channel} ${percent} (${figure(value)}${unit === '' ? '' : ` ${unit}`}${usual})`;
}

/** Three digits are enough for people. */
function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
