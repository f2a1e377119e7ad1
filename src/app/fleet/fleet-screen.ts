// What a look at a fleet shows from moment to moment, to people and to programs.
import { shownUrl } from '../../io/mqtt/options.ts';
import { fleetTable } from './fleet-table.ts';
import type { FleetTopics, FleetWatch } from './watch-fleet.ts';

type Seen = Pick<FleetWatch, 'devices' | 'fault'>;

/** undefined while the broker is away: what was known before would look like news of now. */
export function fleetLine(fleet: Seen): string | undefined {
  return fleet.fault() === undefined ? JSON.stringify(fleet.devices()) : undefined;
}

/** While the broker is away it says so above what was known before. */
export function fleetScreen(fleet: Seen, { broker, base }: FleetTopics, nowMs: number): string {
  const devices = fleet.devices();
  const where = `${base}/ on ${shownUrl(broker)}`;
  const fault = fleet.fault() ?? (devices.length === 0 ? 'no device yet' : undefined);
  const head = fault === undefined ? where : `${where}: ${fault}`;
  return devices.length === 0 ? head : `${head}\n${fleetTable(devices, nowMs)}`;
}
