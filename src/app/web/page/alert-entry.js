// One alert: its channels, their values and expected values, and the buttons for it.
import { alertWords } from './alert-words.js';
import { ask, tell } from './ask.js';
import { make, say } from './dom.js';
import { rowPlots } from './row-plots.js';
import { figure, withUnit } from './words.js';

export function createAlertEntry({ id }) {
  const parts = partsOf(id);
  const { element } = parts;
  let shown;
  const load = () => void loadRows(id, parts.plots);
  element.addEventListener('toggle', () => {
    if (element.open) load();
  });
  return {
    element,
    show(alert, marks) {
      const text = JSON.stringify([alert, marks]);
      if (text === shown) return;
      write(parts, alert, marks);
      // open alerts are there to be read; later it is the reader who opens and closes
      if (shown === undefined) element.open = alert.event_type !== 'closed';
      else if (element.open) load();
      shown = text;
    },
  };
}

function partsOf(id) {
  const parts = {
    severity: make('span', { class: 'chip' }),
    title: make('span', { class: 'title' }),
    when: make('span', { class: 'soft' }),
    peak: make('span', { class: 'peak' }),
    channels: make('div', { class: 'wide' }),
    plots: make('div', { class: 'rows' }),
    note: make('p', { class: 'soft' }),
    ack: action('Acknowledge', () => tell('ack', { alert: id })),
  };
  const normal = action('', () =>
    tell('normal', { alert: id, undo: normal.dataset.undo === 'true' }),
  );
  const { severity, title, when, peak, channels, plots, note, ack } = parts;
  const element = make(
    'details',
    { class: 'panel alert' },
    make('summary', {}, severity, title, when, peak),
    make(
      'div',
      { class: 'body' },
      ...[channels, plots, note, make('div', { class: 'row start' }, ack, normal)],
    ),
  );
  return { ...parts, normal, element };
}

function write(parts, alert, marks) {
  const { look, ...words } = alertWords(alert, marks);
  for (const name of ['severity', 'title', 'when', 'peak', 'note', 'normal']) {
    say(parts[name], words[name]);
  }
  parts.severity.dataset.look = look;
  parts.element.dataset.look = look;
  parts.channels.replaceChildren(channelTable(alert));
  parts.ack.hidden = !words.mayAck;
  parts.normal.hidden = alert.kind !== 'anomaly';
  parts.normal.dataset.undo = String(marks.normal);
}

function action(text, onclick) {
  return make('button', { type: 'button', class: 'plain', onclick }, text);
}

/** Rows may have been forgotten, or never kept: then there is nothing to see. */
async function loadRows(id, holder) {
  try {
    const { rows, states } = await ask(`alert/${encodeURIComponent(id)}`);
    holder.replaceChildren(...(rows ? rowPlots(rows, states) : []));
  } catch (error) {
    holder.replaceChildren(make('p', { class: 'soft' }, error.message));
  }
}

function channelTable({ attribution }) {
  if (attribution.length === 0) return make('p', { class: 'soft' }, 'No channels are named.');
  const rows = attribution.map(({ channel, share, value, unit, ...normal }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, channel),
      make('td', {}, meter(share), ` ${Math.round(100 * share)} %`),
      make('td', {}, value === null ? 'no reading' : withUnit(value, unit)),
      make('td', {}, normalText(normal)),
    ),
  );
  const head = ['Channel', 'Share', 'Seen', 'Normally'].map((text) =>
    make('th', { scope: 'col' }, text),
  );
  return make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows));
}

/** What the channel has shown in normal rows, else what the detector expected. */
function normalText({ usual, expected }) {
  if (usual) return `${figure(usual.low)} to ${figure(usual.high)}`;
  return expected === null ? '–' : figure(expected);
}

/** A bar; the number beside it says the same. */
function meter(share) {
  const bar = make('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', String(share));
  return bar;
}
