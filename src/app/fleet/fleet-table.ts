// All devices as a table for a terminal, and what is shown around it.
import { SEVERITY_RANK } from '../../core/alert.ts';
import { shownUrl } from '../../io/mqtt/options.ts';
import { textTable } from '../text-table.ts';
import type { Device, DeviceStream } from './device.ts';
import type { FleetTopics, FleetWatch } from './watch-fleet.ts';

const HEAD = [
  'device',
  'status',
  'version',
  'streams',
  'alerts',
  'score',
  'up',
  'memory',
  'unsent',
];

/** Daemons publish their health once a minute unless configured otherwise; the table shows the age of older messages. */
const OLD_S = 300;

/** `nowMs` is what ages are measured from. */
export function fleetTable(devices: readonly Device[], nowMs: number): string {
  const rows = devices.map((device) => [
    device.node,
    device.status,
    device.version ?? '-',
    streamsText(device),
    alertsText(device),
    scoreText(device),
    ...healthTexts(device, nowMs),
  ]);
  return textTable([HEAD, ...rows], () => false);
}

function streamsText({ streams }: Device): string {
  const told = [
    [streams.filter(({ learning }) => learning).length, 'learning'],
    [streams.filter(({ silenced }) => silenced).length, 'silenced'],
  ] as const;
  const parts = told.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [String(streams.length), ...(parts.length > 0 ? [`(${parts.join(', ')})`] : [])].join(' ');
}

/** The gravest first. */
function alertsText({ streams }: Device): string {
  const open = streams
    .flatMap(({ id, alert }) => (alert ? [{ stream: id, ...alert }] : []))
    .sort((a, b) => SEVERITY_RANK[b.severity ?? 'info'] - SEVERITY_RANK[a.severity ?? 'info']);
  const [first] = open;
  if (!first) return '-';
  const more = open.length > 1 ? ` and ${open.length - 1} more` : '';
  const known = open.every(({ acknowledged }) => acknowledged) ? ' (acknowledged)' : '';
  return `${first.severity ?? 'alert'} in ${first.stream}${more}${known}`;
}

/** The highest of the newest scores. */
function scoreText({ streams }: Device): string {
  const scored = streams.filter(isScored);
  const [highest] = scored.sort((a, b) => b.score - a.score);
  if (!highest) return '-';
  return `${highest.score.toFixed(2)}${streams.length > 1 ? ` ${highest.id}` : ''}`;
}

function isScored(stream: DeviceStream): stream is DeviceStream & { readonly score: number } {
  return stream.score !== null;
}

function healthTexts({ status, health }: Device, nowMs: number): readonly string[] {
  if (!health) return ['-', '-', '-'];
  const unsent = String(health.waiting) + (health.dropped > 0 ? `, ${health.dropped} lost` : '');
  const memory = `${Math.round(health.rssMb)} MB`;
  if (status !== 'online') return ['-', '-', unsent];
  const ageS = (nowMs - health.timeMs) / 1000;
  const old = ageS > OLD_S ? ` (${span(ageS)} ago)` : '';
  return [`${span(health.uptimeS)}${old}`, memory, unsent];
}

function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

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
