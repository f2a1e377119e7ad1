// The channels of a stream: their newest values, and a chart of each that is chosen by its name.
import { ask } from './ask.js';
import { colour, createChart } from './chart.js';
import { rangeOf } from './chart-data.js';
import { arrange, make, say } from './dom.js';
import { counted, figure, moment, withUnit } from './words.js';

/** Charts that are shown at once; more are found by their names. */
const MOST = 12;
/** How often the shortest charts are read, and how many parts a longer one has. */
const EVERY_MS = 2000;
const STEPS = 300;
const HOUR_MS = 3_600_000;

export function channelCharts(stream, hoursShown) {
  const search = make('input', {
    ...{
      type: 'search',
      placeholder: 'Find a channel',
      'aria-label': `Find a channel of ${stream}`,
    },
  });
  const note = make('p', { class: 'soft' });
  const holder = make('div', { class: 'rows' });
  const element = make(
    'details',
    { class: 'more channels' },
    make('summary', {}, 'Channels'),
    make('div', { class: 'row start' }, search),
    ...[note, holder],
  );
  const charts = new Map();
  let blamed = [];
  let timer;
  const look = async () => {
    clearTimeout(timer);
    if (!element.open || !element.isConnected) return;
    try {
      const chosen = await readChannels(stream, search.value, blamed, note);
      await draw(stream, chosen, hoursShown(), { charts, holder });
    } catch (error) {
      say(note, error.message);
    }
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(EVERY_MS, (hoursShown() * HOUR_MS) / STEPS));
  };
  element.addEventListener('toggle', () => void look());
  search.addEventListener('input', () => void look());
  return {
    element,
    look: () => void look(),
    /** Channels that an open alert names come first. */
    blame(ids) {
      blamed = ids;
    },
  };
}

async function readChannels(stream, wanted, blamed, note) {
  const { channels } = await ask(`channels?stream=${encodeURIComponent(stream)}`);
  const found = matching(channels, wanted, blamed);
  const words =
    channels.length === 0
      ? 'No row has come yet since the daemon started.'
      : `${counted(channels.length, 'channel', 'channels')}; shown: ${Math.min(MOST, found.length)}. Charts begin when the daemon started.`;
  say(note, words);
  return found.slice(0, MOST);
}

/** Channels whose names hold the text: first those that an alert blames. */
export function matching(channels, wanted, blamed) {
  const text = wanted.trim().toLowerCase();
  const rank = ({ id }) => (blamed.includes(id) ? blamed.indexOf(id) : blamed.length);
  return channels
    .filter(({ id }) => id.toLowerCase().includes(text))
    .sort((a, b) => rank(a) - rank(b));
}

async function draw(stream, chosen, hours, { charts, holder }) {
  if (chosen.length === 0) return arrange(holder, []);
  const names = chosen.map(({ id }) => `channel=${encodeURIComponent(id)}`).join('&');
  const rows = await ask(`rows?stream=${encodeURIComponent(stream)}&hours=${hours}&${names}`);
  for (const [place, channel] of chosen.entries()) {
    const key = `${channel.id} ${channel.unit}`;
    if (!charts.has(key)) charts.set(key, channelChart(channel));
    charts.get(key).show(channel, rows, rows.channels[place]);
  }
  arrange(
    holder,
    chosen.map(({ id, unit }) => charts.get(`${id} ${unit}`).element),
  );
}

function channelChart({ id, unit }) {
  let range = [0, 1];
  const text = ([, low, high]) =>
    low === high ? withUnit(low, unit) : `${figure(low)} to ${withUnit(high, unit)}`;
  const chart = createChart({
    ...{ label: id, scale: unit, text },
    y: { range: () => range },
    axis: { values: (_, splits) => splits.map(figure) },
    series: () => [
      { stroke: () => colour('calm'), width: 1.5, points: { show: false } },
      { stroke: () => colour('calm'), width: 1.5, points: { show: false } },
    ],
    bands: [{ series: [2, 1], fill: () => colour('band') }],
  });
  return {
    element: chart.element,
    show({ value, goneMs }, { timeMs, fromMs, toMs }, { low, high }) {
      range = rangeOf([...low, ...high]);
      const newest =
        goneMs === null
          ? value === null
            ? 'no reading'
            : withUnit(value, unit)
          : `gone since ${moment(goneMs)}`;
      const data = [timeMs, low, high];
      chart.show({
        ...{ data, fromMs, toMs, newest },
        about: `${newest}, within ${figure(range[0])} and ${figure(range[1])} ${unit}`,
      });
    },
  };
}
