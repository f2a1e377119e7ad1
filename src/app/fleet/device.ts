// A device as its daemon describes it over MQTT. Times are Unix milliseconds.
import type { Severity } from '../../core/alert.ts';

/** `unknown` = it has published something, but no status. */
export type DeviceStatus = 'online' | 'stopped' | 'offline' | 'unknown';

export interface Device {
  readonly node: string;
  readonly status: DeviceStatus;
  readonly version: string | null;
  readonly streams: readonly DeviceStream[];
  readonly health: DeviceHealth | null;
}

export interface DeviceStream {
  readonly id: string;
  readonly learning: boolean;
  /** The gravest open alert; null = none is open. */
  readonly alert: DeviceAlert | null;
  /** Newest known score over level. */
  readonly score: number | null;
  readonly scoreMs: number | null;
  /** Alerts are kept back, by a silence or a maintenance window. */
  readonly silenced: boolean;
}

export interface DeviceAlert {
  readonly id: string | null;
  readonly kind: string | null;
  readonly severity: Severity | null;
  readonly sinceMs: number | null;
  readonly acknowledged: boolean;
}

export interface DeviceHealth {
  readonly timeMs: number;
  readonly uptimeS: number;
  readonly rssMb: number;
  readonly lagMs: number;
  /** Alert states that wait to be sent. */
  readonly waiting: number;
  readonly dropped: number;
}
