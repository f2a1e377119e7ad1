// All devices on a broker, put together from the topics of their daemons.
import type { Device, DeviceStream } from './device.ts';
import { type Payload, type payloads, read } from './payloads.ts';

export interface FleetBook {
  /** Topics to subscribe to: what brokers keep, and the scores if they are wanted. */
  filters(scores: boolean): readonly string[];
  /** Takes one message; returns whether it was of a daemon. An empty one deletes the retained value. */
  take(topic: string, payload: string): boolean;
  /** By name. */
  devices(): readonly Device[];
}

const OF_NODE = ['status', 'info', 'health'] as const;
const OF_STREAM = ['state', 'silence', 'score'] as const;

/** Limit of devices, because any publisher could invent names. */
const MOST_NODES = 500;
const MOST_STREAMS = 100;
const LONGEST_NAME = 100;

type Said<Kinds extends keyof typeof payloads> = { [Kind in Kinds]?: Payload<Kind> };

interface Node {
  readonly said: Said<(typeof OF_NODE)[number]>;
  readonly streams: Map<string, Said<(typeof OF_STREAM)[number]>>;
}

/** `base` is the first part of all topics. */
export function createFleetBook(base: string): FleetBook {
  const nodes = new Map<string, Node>();
  const nodeOf = (name: string): Node | undefined => {
    const known = nodes.get(name);
    if (known || nodes.size >= MOST_NODES) return known;
    const node: Node = { said: {}, streams: new Map() };
    nodes.set(name, node);
    return node;
  };
  return {
    filters: (scores) => [
      ...OF_NODE.map((kind) => `${base}/+/${kind}`),
      ...OF_STREAM.filter((kind) => scores || kind !== 'score').map(
        (kind) => `${base}/+/+/${kind}`,
      ),
    ],
    take(topic, payload) {
      const [name = '', ...rest] = topic.startsWith(`${base}/`)
        ? topic.slice(base.length + 1).split('/')
        : [];
      if (name === '' || [name, ...rest].some((part) => part.length > LONGEST_NAME)) return false;
      const node = nodeOf(name);
      if (!node) return false;
      const taken = takeInto(node, rest, payload);
      if (isEmpty(node)) nodes.delete(name);
      return taken;
    },
    devices: () =>
      [...nodes]
        .map(([name, node]) => deviceOf(name, node))
        .sort((a, b) => (a.node < b.node ? -1 : 1)),
  };
}

function takeInto(node: Node, levels: readonly string[], payload: string): boolean {
  const [first = '', second] = levels;
  if (levels.length > 2) return false;
  if (second === undefined) return take(node.said, OF_NODE, first, payload);
  const stream = node.streams.get(first) ?? {};
  const taken = take(stream, OF_STREAM, second, payload);
  if (Object.keys(stream).length === 0) node.streams.delete(first);
  else if (node.streams.has(first) || node.streams.size < MOST_STREAMS) {
    node.streams.set(first, stream);
  }
  return taken;
}

function take<Kind extends keyof typeof payloads>(
  said: Said<Kind>,
  kinds: readonly Kind[],
  word: string,
  payload: string,
): boolean {
  const kind = kinds.find((one) => one === word);
  if (kind === undefined) return false;
  if (payload === '') return delete said[kind];
  const found = read(kind, payload);
  if (found === undefined) return false;
  said[kind] = found;
  return true;
}

function isEmpty({ said, streams }: Node): boolean {
  return Object.keys(said).length === 0 && streams.size === 0;
}

function deviceOf(name: string, { said, streams }: Node): Device {
  const { status = 'unknown', info, health } = said;
  const ids = new Set([...(info?.streams ?? []).map(({ id }) => id), ...streams.keys()]);
  return {
    node: printable(name),
    status,
    version: info ? printable(info.version) : null,
    streams: [...ids].slice(0, MOST_STREAMS).map((id) => streamOf(id, said, streams.get(id) ?? {})),
    health: health
      ? {
          timeMs: health.ts,
          uptimeS: health.uptime_s,
          rssMb: health.rss_mb,
          lagMs: health.event_loop_lag_ms,
          waiting: health.outbox,
          dropped: health.dropped,
        }
      : null,
  };
}

function streamOf(
  id: string,
  { info, health }: Node['said'],
  { state, silence, score }: Said<(typeof OF_STREAM)[number]>,
): DeviceStream {
  const known = info?.streams.find((stream) => stream.id === id);
  const scored = health?.streams.find(({ stream }) => stream === id);
  const newest = score ?? scored;
  return {
    id: printable(id),
    learning: known !== undefined && known.model === null,
    alert:
      state?.state === 'ON'
        ? {
            id: state.alert && printable(state.alert),
            kind: state.kind && printable(state.kind),
            severity: state.severity,
            sinceMs: state.since,
            acknowledged: state.acknowledged,
          }
        : null,
    score: newest?.score ?? null,
    scoreMs: newest?.ts ?? null,
    silenced: silence !== undefined && (silence.state === 'ON' || silence.maintenance !== null),
  };
}

/** Names come from the broker, so they may hold control characters for the terminal. */
function printable(text: string): string {
  return text.slice(0, LONGEST_NAME).replaceAll(/\p{C}/gu, '?');
}
