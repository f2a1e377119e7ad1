// An alert as the page shows it: what goes out over MQTT, with what people decided about it.
import type { Alert } from '../../../core/alert.ts';
import { type AlertPayload, alertPayload } from '../../../io/text/alert-payload.ts';

export interface AlertView extends AlertPayload {
  /** Its newest state was kept back. */
  readonly silenced: boolean;
}

export function alertView(alert: Alert): AlertView {
  return { ...alertPayload(alert), silenced: alert.silenced === true };
}
