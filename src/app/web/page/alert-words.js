// An alert in words.
import { between, figure, moment, score, span, withUnit } from './words.js';

/** `marks` are the decisions of people: `acknowledged`, `normal`. */
export function alertWords(alert, marks) {
  const open = isOpen(alert);
  const calm = !open || marks.normal || (alert.routine ?? alert.limit) !== undefined;
  return {
    severity: alert.severity,
    state: stateOf(alert, marks),
    look: calm ? 'muted' : alert.severity,
    title: alert.message,
    when: whenOf(alert, open),
    peak: alert.kind === 'anomaly' ? `peak ${score(alert.peak)}` : '',
    processes: processesOf(alert),
    note: noteOf(alert, marks),
    normal: marks.normal ? 'This was not normal' : 'This was normal',
    mayAck: open && !marks.acknowledged,
  };
}

export function isOpen({ event_type }) {
  return event_type !== 'closed';
}

/** One word for the list, its filter and its file. */
export function stateOf(alert, { acknowledged }) {
  if (!isOpen(alert)) return alert.outcome === 'accepted' ? 'accepted' : 'ended';
  if (acknowledged) return 'acknowledged';
  return alert.reminder ? 'still open' : 'open';
}

function whenOf({ stream, start, duration_s }, open) {
  const began = moment(Date.parse(start));
  return open ? `${stream}, since ${began}` : `${stream}, ${began}, for ${span(duration_s)}`;
}

function processesOf({ processes = [] }) {
  if (processes.length === 0) return '';
  const named = processes.map(
    ({ name, pid, share }) => `${name} (${pid}) ${Math.round(100 * share)} %`,
  );
  return `Processes that used most of it: ${named.join(', ')}.`;
}

function noteOf(alert, { acknowledged, normal }) {
  const { silenced, routine, limit, outcome, imputed, model } = alert;
  const said = [
    acknowledged && 'Acknowledged.',
    normal && 'Called normal: what is like it is not sent.',
    routine !== undefined && 'It recurs at this hour: a routine.',
    limit !== undefined && 'The alert of its limit says the same.',
    outcome === 'accepted' && 'Its values have stayed: they are normal from now on.',
    silenced && 'Not sent.',
    imputed > 0 && `${Math.round(100 * imputed)} % of its window was filled in.`,
    model !== '' && `Model ${model.slice(0, 8)}.`,
  ];
  return said.filter(Boolean).join(' ');
}

/** What is blamed: at the peak, and in the newest row of an alert that goes on; the latter may blame others. */
export function blamedChannels(alert) {
  const { attribution, now } = alert;
  const newest = new Map((now ?? []).map((part) => [part.channel, part]));
  const rows = attribution.map((part) => ({
    ...rowOf(part),
    now: now && nowText(newest.get(part.channel)),
  }));
  const known = new Set(attribution.map(({ channel }) => channel));
  const others = (now ?? []).filter(({ channel }) => !known.has(channel));
  return [
    ...rows,
    ...others.map((part) => ({ ...rowOf(part), share: 0, seen: '–', now: nowText(part) })),
  ];
}

function rowOf({ channel, share, value, expected, unit, usual }) {
  return {
    ...{ channel, share },
    seen: value === null ? 'no reading' : withUnit(value, unit),
    normal: usual ? between(usual) : expected === null ? '–' : `about ${figure(expected)}`,
  };
}

function nowText(part) {
  if (!part) return '–';
  const { value, unit, share } = part;
  const seen = value === null ? 'no reading' : withUnit(value, unit);
  return `${seen} (${Math.round(100 * share)} %)`;
}
