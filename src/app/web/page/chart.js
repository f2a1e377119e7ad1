// A chart: a curve over time with its values where the pointer is, and a stretch that is chosen by dragging.
import { byId, make, say } from './dom.js';
import { uPlot } from './uplot.js';
import { clock, tickClock } from './words.js';

const AXIS_PX = 46;
const TIME_AXIS_PX = 24;
const RIGHT_PX = 8;
/** Half of a label of time, as far as it is not beside the chart. */
const HALF_LABEL_PX = 22;
const DARK = '(prefers-color-scheme: dark)';
/** Between two labels of time. */
const LABEL_PX = 66;
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Times between two labels. */
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7].map((days) => days * DAY_MS),
];

/**
 * `text` is a value in words, `label` the name of the chart, `scale` says what its axis means. `options` are of uPlot: `y`
 * its scale, `axis` its axis, `series` its curves. `paint` draws below the curves.
 */
export function createChart({
  label,
  scale = '',
  text,
  height = 110,
  y = {},
  axis = {},
  series,
  bands = [],
  paint,
}) {
  const parts = frameOf(label, scale, height);
  const { element, holder, readout, whole } = parts;
  let shown;
  let plot;
  let zoom;
  const rest = () => say(readout, shown ? shown.newest : '');
  const span = () => zoom ?? [shown.fromMs, shown.toMs];
  const zoomTo = (stretch) => {
    zoom = stretch;
    whole.hidden = zoom === undefined;
    if (plot) plot.setScale('x', { min: span()[0], max: span()[1] });
  };
  whole.onclick = () => zoomTo(undefined);
  const begin = (width) => {
    plot = new uPlot(
      {
        ...{ width, height, ms: 1, legend: { show: false }, padding: [6, RIGHT_PX, 0, 0] },
        cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
        scales: { x: { range: () => span() }, y },
        axes: axesOf(axis),
        series: [{}, ...series()],
        bands,
        hooks: {
          drawClear: [(u) => paint?.(u, shown)],
          setCursor: [({ cursor: { idx }, data }) => (idx === null ? rest() : tell(data, idx))],
          setSelect: [(u) => zoomTo(chosen(u))],
        },
      },
      shown.data,
      holder,
    );
    plot.over.addEventListener('dblclick', () => zoomTo(undefined));
  };
  const tell = (data, idx) => {
    const at = data.map((column) => column[idx]);
    say(
      readout,
      at[1] === null || at[1] === undefined ? clock(at[0]) : `${clock(at[0])} · ${text(at)}`,
    );
  };
  new ResizeObserver(() => {
    const width = holder.clientWidth;
    if (width === 0 || !shown) return;
    if (plot) plot.setSize({ width, height });
    else begin(width);
  }).observe(holder);
  matchMedia(DARK).addEventListener('change', () => plot?.redraw(false, true));
  return {
    element,
    /** `data` are columns, times first; `newest` is said where nobody points; `about` is for those who see no chart. */
    show(next) {
      shown = next;
      holder.setAttribute('aria-label', `${label}: ${next.about ?? next.newest}`);
      if (plot) plot.setData(next.data);
      else if (holder.clientWidth > 0) begin(holder.clientWidth);
      if (!plot || plot.cursor.idx === null || plot.cursor.idx === undefined) rest();
    },
  };
}

function frameOf(label, scale, height) {
  const readout = make('span', { class: 'readout' });
  const whole = make('button', { type: 'button', class: 'plain small', hidden: true }, 'Whole');
  const holder = make('div', { class: 'plot', role: 'img', 'aria-label': label });
  holder.style.height = `${height}px`;
  const name = make('span', { class: 'name' }, label, ' ', make('span', { class: 'soft' }, scale));
  const caption = make('figcaption', { class: 'row' }, name, whole, readout);
  return { readout, whole, holder, element: make('figure', { class: 'chart' }, caption, holder) };
}

function axesOf(axis) {
  const common = {
    ...{ stroke: () => colour('soft'), font: '11px system-ui, sans-serif' },
    grid: { stroke: () => colour('line'), width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...{ ...common, size: TIME_AXIS_PX, space: LABEL_PX, gap: 4, incrs: STEPS_MS },
      values: (u, splits, _, __, stepMs) =>
        splits.map((timeMs) => (fitsBefore(u, timeMs) ? tickClock(timeMs, stepMs) : '')),
    },
    { ...{ ...common, size: AXIS_PX, space: 26, gap: 4 }, ...axis },
  ];
}

/** Whether a label in the middle of this time ends within the chart. */
function fitsBefore(u, timeMs) {
  return u.valToPos(timeMs, 'x') < u.width - AXIS_PX - RIGHT_PX - HALF_LABEL_PX;
}

/** The stretch that was chosen by dragging; the mark of it is taken away. */
function chosen(u) {
  const { left, width } = u.select;
  const stretch = [u.posToVal(left, 'x'), u.posToVal(left + width, 'x')];
  u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  return width > 3 ? stretch : undefined;
}

/** A colour of the style sheet, as it is in the reader's scheme. */
export function colour(name) {
  return getComputedStyle(byId('summary')).getPropertyValue(`--${name}`);
}

/** Fills a part of a chart, in values of its scales. */
export function fill(u, { from, to, low, high, style }) {
  const { left, top, width, height } = u.bbox;
  const x = (value) => Math.min(left + width, Math.max(left, u.valToPos(value, 'x', true)));
  const y = (value) => Math.min(top + height, Math.max(top, u.valToPos(value, 'y', true)));
  const [x0, x1] = [from === undefined ? left : x(from), to === undefined ? left + width : x(to)];
  const [y0, y1] = [high === undefined ? top : y(high), low === undefined ? top + height : y(low)];
  u.ctx.fillStyle = style;
  u.ctx.fillRect(x0, y0, Math.max(2, x1 - x0), Math.max(1, y1 - y0));
}

/** A dashed line across a chart, at a value of its scale. */
export function dashed(u, value, style) {
  const { left, width } = u.bbox;
  const y = Math.round(u.valToPos(value, 'y', true));
  const { ctx } = u;
  ctx.save();
  ctx.strokeStyle = style;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(left + width, y);
  ctx.stroke();
  ctx.restore();
}
