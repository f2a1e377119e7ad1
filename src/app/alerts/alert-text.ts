// An alert in one line for people: as it arrives over MQTT, or as a replay prints it.
import type { AlertPayload } from '../../io/text/alert-payload.ts';

export function alertText(alert: AlertPayload): string {
  const when = alert.ts.slice(0, 19).replace('T', ' ');
  const head = `${when}  ${alert.event_type.padEnd(7)}  ${alert.severity.padEnd(8)}  ${alert.stream}`;
  return `${head}  ${alert.message}`;
}
