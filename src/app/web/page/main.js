// The page: starts a session, listens to the daemon, and passes each event to the part that shows it.
import { createAlerts } from './alerts.js';
import { beginSession } from './ask.js';
import { byId, say, sayEach } from './dom.js';
import { showFleet } from './fleet.js';
import { notice } from './notices.js';
import { createScorePlots } from './score-plots.js';
import { createStreams } from './streams.js';
import { counted, span } from './words.js';

const AGAIN_MS = 3000;

const plots = createScorePlots((id) => streams.draw(id));
const streams = createStreams(plots);
const alerts = createAlerts();
let daemon;
let quiet = { normals: [], routines: [] };

const hear = {
  recent(points) {
    plots.replace(points);
    for (const id of Object.keys(points)) streams.draw(id);
  },
  scores: (points) => plots.append(points),
  alerts(list) {
    alerts.replace(list);
    showAll();
  },
  alert(alert) {
    alerts.take(alert);
    showAll();
  },
  marks({ normals = [], routines = [], ...marks }) {
    quiet = { normals, routines };
    alerts.mark(marks);
    showAll();
  },
  daemon(view) {
    daemon = view;
    showAll();
    for (const { id } of view.streams) streams.draw(id);
  },
  fleet: showFleet,
  notice: ({ text, failed }) => notice(text, failed),
};

function showAll() {
  if (!daemon) return;
  streams.show(daemon.streams, alerts.gravest(), quiet);
  say(byId('node'), daemon.node);
  const open = alerts.openCount();
  document.title = open > 0 ? `(${open}) ${daemon.node}` : daemon.node;
  say(byId('summary'), summaryText(daemon, open));
  sayEach(byId('problems'), daemon.problems);
  say(byId('footer'), footerText(daemon));
}

function summaryText({ streams: all }, open) {
  if (open > 0) return `${counted(open, 'alert is', 'alerts are')} open.`;
  const learning = all.filter(({ phase }) => phase === 'learning').length;
  if (learning > 0) return `${counted(learning, 'stream learns', 'streams learn')} what is normal.`;
  return 'No open alerts.';
}

function footerText({ version, uptimeS, rssBytes, waiting, dropped }) {
  const parts = [
    `Sentigon ${version}`,
    `up ${span(uptimeS)}`,
    `${Math.round(rssBytes / 1e6)} MB`,
    `${waiting} unsent`,
  ];
  if (dropped > 0) parts.push(`${dropped} dropped`);
  return parts.join(' · ');
}

function connection(text, look) {
  const chip = byId('connection');
  say(chip, text);
  chip.dataset.look = look;
}

function listen() {
  const events = new EventSource('api/events');
  for (const [name, take] of Object.entries(hear)) {
    events.addEventListener(name, ({ data }) => take(JSON.parse(data)));
  }
  events.onopen = () => connection('live', 'calm');
  events.onerror = () => {
    connection('no connection', 'critical');
    if (events.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    setTimeout(start, AGAIN_MS);
  };
}

async function start() {
  try {
    const { fleet, mayAct } = await beginSession();
    byId('fleet-section').hidden = !fleet;
    document.body.classList.toggle('read-only', !mayAct);
    byId('reading').hidden = mayAct;
    listen();
  } catch {
    connection('no connection', 'critical');
    setTimeout(start, AGAIN_MS); // the daemon restarts, or the network is away
  }
}

for (const choice of document.getElementsByName('span')) {
  choice.addEventListener('change', () => {
    plots.show(Number(choice.value));
    streams.look();
  });
}
void start();
