// Which alerts the list shows, and the file that holds them. Pure.
import { isOpen, stateOf } from './alert-words.js';

export const RANK = { info: 0, warning: 1, critical: 2 };

export const ALL = { stream: '', severity: 'info', state: '', text: '' };

/** `filter.severity` is the least; `filter.state` is `open`, `ended` or anything. */
export function passes(alert, { stream, severity, state, text }) {
  if (stream !== '' && alert.stream !== stream) return false;
  if (RANK[alert.severity] < RANK[severity]) return false;
  if (state !== '' && isOpen(alert) !== (state === 'open')) return false;
  const wanted = text.trim().toLowerCase();
  return wanted === '' || wordsOf(alert).includes(wanted);
}

function wordsOf({ message, kind, stream, id, attribution }) {
  const channels = attribution.map(({ channel }) => channel);
  return [message, kind, stream, id, ...channels].join(' ').toLowerCase();
}

const COLUMNS = [
  ...['start', 'end', 'duration_s', 'stream', 'kind', 'severity', 'state', 'peak'],
  ...['channels', 'message', 'id'],
];

/** A line an alert, as spreadsheets read it. */
export function csvOf(alerts, marksOf) {
  const rows = alerts.map((alert) => {
    const channels = alert.attribution.map(({ channel }) => channel).join(' ');
    const { start, end, duration_s, stream, kind, severity, peak, message, id } = alert;
    return [
      ...[start, end, duration_s, stream, kind, severity, stateOf(alert, marksOf(id))],
      ...[peak, channels, message, id],
    ];
  });
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes a text with these in front for a formula; names of channels come from anywhere. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value) {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
