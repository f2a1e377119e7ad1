// One alert: what happened, its channels, their values and what is normal for them, and the buttons for it.
import { alertWords, blamedChannels } from './alert-words.js';
import { ask, tell } from './ask.js';
import { button, make, say, table } from './dom.js';
import { confirmed } from './notices.js';
import { rowPlots } from './row-plots.js';

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
    state: make('span', { class: 'soft' }),
    title: make('span', { class: 'title' }),
    when: make('span', { class: 'soft' }),
    peak: make('span', { class: 'peak' }),
    channels: make('div', {}),
    processes: make('p', { class: 'soft about' }),
    plots: make('div', { class: 'rows' }),
    note: make('p', { class: 'soft' }),
    ack: button('Acknowledge', () => tell('ack', { alert: id })),
  };
  const normal = button('', () => void answer(id, normal.dataset.undo === 'true'));
  const { severity, state, title, when, peak, channels, processes, plots, note, ack } = parts;
  const head = make('summary', {}, severity, title, state, when, peak);
  const actions = make('div', { class: 'row start act' }, ack, normal);
  const body = make('div', { class: 'body' }, channels, processes, plots, note, actions);
  const element = make('details', { class: 'panel alert' }, head, body);
  return { ...parts, normal, element };
}

function write(parts, alert, marks) {
  const { look, mayAck, ...words } = alertWords(alert, marks);
  for (const [name, text] of Object.entries(words)) say(parts[name], text);
  parts.severity.dataset.look = alert.severity;
  parts.element.dataset.look = look;
  parts.channels.replaceChildren(channelTable(alert));
  parts.ack.hidden = !mayAck;
  parts.normal.hidden = alert.kind !== 'anomaly';
  parts.normal.dataset.undo = String(marks.normal);
}

/** Says before it is done what will be quiet. */
async function answer(id, undo) {
  if (undo) {
    const text = 'What is like this alert is sent again.';
    if (await confirmed('This was not normal?', text, 'Not normal')) {
      await tell('normal', { alert: id, undo });
    }
    return;
  }
  const preview = await tell('normal', { alert: id, preview: true });
  if (!preview) return;
  if (await confirmed('This was normal?', preview.quiet, 'Normal')) {
    await tell('normal', { alert: id });
  }
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

function channelTable(alert) {
  const blamed = blamedChannels(alert);
  if (blamed.length === 0) return make('p', { class: 'soft' }, 'No channels are named.');
  const now = alert.now ? ['Now'] : [];
  const rows = blamed.map(({ channel, share, seen, normal, now: newest }) => [
    [make('span', { class: 'id' }, channel), meter(share)],
    seen,
    ...(alert.now ? [newest] : []),
    normal,
  ]);
  return table(['Channel', alert.now ? 'At its peak' : 'Seen', ...now, 'Normal'], rows, 'blamed');
}

/** A bar, with the number that it stands for. */
function meter(share) {
  const bar = make('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', String(share));
  return make('span', { class: 'meter soft' }, bar, ` ${Math.round(100 * share)} %`);
}
