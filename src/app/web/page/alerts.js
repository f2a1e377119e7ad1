// The list of alerts: open ones first, then the newest.
import { createAlertEntry } from './alert-entry.js';
import { arrange, byId, make } from './dom.js';

/** As many as the daemon sends, so that a page which stays open for months does not grow. */
const MOST = 100;
const RANK = { info: 0, warning: 1, critical: 2 };

export function createAlerts() {
  const entries = new Map();
  let alerts = new Map();
  let marks = { acknowledged: new Set(), normal: new Set() };
  const open = () => [...alerts.values()].filter(isOpen);
  const show = () => {
    const ordered = newestOf(alerts.values());
    alerts = new Map(ordered.map((alert) => [alert.id, alert]));
    for (const id of entries.keys()) if (!alerts.has(id)) entries.delete(id);
    for (const alert of ordered) {
      if (!entries.has(alert.id)) entries.set(alert.id, createAlertEntry(alert));
      const { id } = alert;
      entries.get(id).show(alert, {
        acknowledged: marks.acknowledged.has(id),
        normal: marks.normal.has(id),
      });
    }
    const shown = ordered.map(({ id }) => entries.get(id).element);
    const none = make('p', { class: 'soft' }, 'None within a week.');
    arrange(byId('alerts'), shown.length > 0 ? shown : [none]);
  };
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

function isOpen({ event_type }) {
  return event_type !== 'closed';
}
