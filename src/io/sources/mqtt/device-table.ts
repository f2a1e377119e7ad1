import type { Channel } from '../../../core/sample.ts';
import { wildcardSource } from '../wildcard-pattern.ts';
import type { Finding } from './device-preset.ts';
import { setKnown } from './known.ts';

/** The newest reading of every property of every device heard of. */
export interface DeviceTable {
  /** Grows when a property is heard of for the first time. */
  readonly size: number;
  /** Returns how many there was no room for. */
  take(findings: readonly Finding[], nowMs: number): number;
  /** `<device>.<property>` of all heard of so far, in the order of their ids. */
  channels(): Channel[];
  /** NaN when there is no reading, it is too old, or its device or gateway is offline. */
  value(channel: Channel, nowMs: number): number;
}

type Declared = Extract<Finding, { kind: 'declared' }>;
type Read = Extract<Finding, { kind: 'reading' }>;
type Heard = Extract<Finding, { kind: 'availability' }>;

interface Entry {
  readonly channel: Channel;
  readonly device: string;
  readonly declared: boolean;
  readonly value: number;
  readonly timeMs: number;
}

/** Readings older than `maxAgeMs` are none; properties that match `ignore` are not there. */
export function createDeviceTable(maxAgeMs: number, ignore: readonly string[]): DeviceTable {
  const ignored = ignore.map((form) => new RegExp(`^${wildcardSource(form, '.*')}$`, 'i'));
  const entries = new Map<string, Entry>();
  const declared = new Set<string>();
  const offline = new Map<string, true>();
  let gatewayOnline = true;

  const declare = ({ device, property, unit }: Declared): boolean => {
    const id = `${device}.${property}`;
    const known = entries.get(id) ?? NO_READING;
    const kept = setKnown(entries, id, { ...known, device, channel: { id, unit }, declared: true });
    if (kept) declared.add(device);
    return kept;
  };
  const read = ({ device, property, unit, value }: Read, timeMs: number): boolean => {
    const id = `${device}.${property}`;
    const known = entries.get(id) ?? NO_READING;
    if (!known.declared && declared.has(device)) return true;
    // a declared unit stands: readings may come without it
    const channel = known.declared ? known.channel : { id, unit };
    return setKnown(entries, id, { ...known, device, channel, value, timeMs });
  };
  const hear = ({ device, online }: Heard): boolean => {
    if (device !== undefined && !online) return setKnown(offline, device, true);
    if (device === undefined) gatewayOnline = online;
    else offline.delete(device);
    return true;
  };
  const takeOne = (finding: Finding, nowMs: number): boolean => {
    if (finding.kind === 'availability') return hear(finding);
    if (ignored.some((form) => form.test(finding.property))) return true;
    return finding.kind === 'declared' ? declare(finding) : read(finding, nowMs);
  };
  return {
    get size() {
      return entries.size;
    },
    take: (findings, nowMs) => findings.filter((finding) => !takeOne(finding, nowMs)).length,
    channels: () =>
      [...entries.values()]
        .filter((entry) => entry.declared || !declared.has(entry.device))
        .map(({ channel }) => channel)
        .sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id))),
    value({ id, unit }, nowMs) {
      const entry = entries.get(id);
      if (!gatewayOnline || entry?.channel.unit !== unit || offline.has(entry.device)) {
        return Number.NaN;
      }
      return nowMs - entry.timeMs <= maxAgeMs ? entry.value : Number.NaN;
    },
  };
}

const NO_READING: Entry = {
  channel: { id: '', unit: '' },
  device: '',
  declared: false,
  value: Number.NaN,
  timeMs: Number.NEGATIVE_INFINITY,
};
