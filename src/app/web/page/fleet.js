// All devices on the broker, as their daemons describe them.
import { byId, make, table } from './dom.js';
import { score, span } from './words.js';

const HEAD = [
  'Device',
  'Status',
  'Version',
  'Streams',
  'Alerts',
  'Score',
  'Up',
  'Memory',
  'Unsent',
];
const LOOKS = { online: 'calm', offline: 'critical', stopped: 'muted', unknown: 'muted' };

let shown = '';

export function showFleet(devices) {
  const text = JSON.stringify(devices);
  if (text === shown) return;
  shown = text;
  const none = make('p', { class: 'soft' }, 'No messages from other devices yet.');
  byId('fleet').replaceChildren(
    devices.length > 0 ? table(HEAD, devices.map(cellsOf), 'devices') : none,
  );
}

function cellsOf({ node, status, version, streams, health }) {
  const online = status === 'online';
  return [
    node,
    make('span', { class: 'chip', 'data-look': LOOKS[status] }, status),
    version ?? '–',
    streamsText(streams),
    alertsOf(streams),
    highestText(streams),
    online && health ? span(health.uptimeS) : '–',
    online && health ? `${Math.round(health.rssMb)} MB` : '–',
    health ? String(health.waiting) : '–',
  ];
}

function streamsText(streams) {
  const learning = streams.filter((stream) => stream.learning).length;
  const silenced = streams.filter((stream) => stream.silenced).length;
  const parts = [
    learning > 0 && `${learning} learning`,
    silenced > 0 && `${silenced} silenced`,
  ].filter(Boolean);
  return parts.length > 0 ? `${streams.length} (${parts.join(', ')})` : String(streams.length);
}

function alertsOf(streams) {
  const open = streams.filter(({ alert }) => alert);
  if (open.length === 0) return ['–'];
  return open.map(({ id, alert }) =>
    make(
      'span',
      { class: 'chip', 'data-look': alert.acknowledged ? 'muted' : (alert.severity ?? 'info') },
      id,
    ),
  );
}

function highestText(streams) {
  const scores = streams.map((stream) => stream.score).filter((value) => value !== null);
  return scores.length > 0 ? score(Math.max(...scores)) : '–';
}
