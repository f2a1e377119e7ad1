// The list of alerts: open ones first, then the newest, and what of it is shown.
import { createAlertEntry } from './alert-entry.js';
import { ALL, csvOf, passes, RANK } from './alert-filter.js';
import { isOpen } from './alert-words.js';
import { arrange, byId, make, say } from './dom.js';
import { counted } from './words.js';

/** As many as the daemon sends, so that a page which stays open for months does not grow. */
const MOST = 100;

export function createAlerts() {
  const entries = new Map();
  let alerts = new Map();
  let marks = { acknowledged: new Set(), normal: new Set() };
  let filter = ALL;
  const open = () => [...alerts.values()].filter(isOpen);
  const marksOf = (id) => ({
    acknowledged: marks.acknowledged.has(id),
    normal: marks.normal.has(id),
  });
  const chosen = () => [...alerts.values()].filter((alert) => passes(alert, filter));
  const show = () => {
    const ordered = newestOf(alerts.values());
    alerts = new Map(ordered.map((alert) => [alert.id, alert]));
    for (const id of entries.keys()) if (!alerts.has(id)) entries.delete(id);
    for (const alert of ordered) {
      if (!entries.has(alert.id)) entries.set(alert.id, createAlertEntry(alert));
      entries.get(alert.id).show(alert, marksOf(alert.id));
    }
    const shown = chosen().map(({ id }) => entries.get(id).element);
    showStreams(alerts.values());
    say(byId('alerts-shown'), shownText(shown.length, alerts.size));
    byId('alerts-file').disabled = shown.length === 0;
    arrange(byId('alerts'), shown);
  };
  const form = byId('alerts-filter');
  form.addEventListener('input', () => {
    filter = { ...ALL, ...Object.fromEntries(new FormData(form)) };
    show();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  byId('alerts-file').onclick = () => download('alerts.csv', csvOf(chosen(), marksOf));
  return {
    replace(list) {
      alerts = new Map(list.map((alert) => [alert.id, alert]));
      show();
    },
    take(alert) {
      alerts.set(alert.id, alert);
      show();
    },
    mark({ acknowledged, normal }) {
      marks = { acknowledged: new Set(acknowledged), normal: new Set(normal) };
      show();
    },
    openCount: () => open().length,
    /** Of each stream that has one. */
    gravest() {
      const found = new Map();
      for (const alert of open()) {
        const known = found.get(alert.stream);
        if (!known || RANK[alert.severity] > RANK[known.severity]) found.set(alert.stream, alert);
      }
      return found;
    },
  };
}

/** Open ones first. */
export function newestOf(alerts) {
  return [...alerts]
    .sort((a, b) => isOpen(b) - isOpen(a) || Date.parse(b.start) - Date.parse(a.start))
    .slice(0, MOST);
}

/** What there is to choose from; the choice stays. */
function showStreams(alerts) {
  const select = byId('alerts-stream');
  const names = [...new Set([...alerts].map(({ stream }) => stream))].sort();
  const known = [...select.options].map(({ value }) => value).filter(Boolean);
  for (const name of names.filter((one) => !known.includes(one))) {
    select.append(make('option', { value: name }, name));
  }
}

function shownText(shown, all) {
  if (all === 0) return 'None within a week.';
  return shown === all ? '' : `${shown} of ${counted(all, 'alert', 'alerts')}.`;
}

function download(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  make('a', { href, download: name }).click();
  URL.revokeObjectURL(href);
}
