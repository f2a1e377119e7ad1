// The rows around an alert, a small plot a channel, with what was expected beside them.
import { make } from './dom.js';
import { curve, frame, HEIGHT, svg, WIDTH } from './plot.js';
import { figure, moment } from './words.js';

/** Room above and below a curve, as a share of its height. */
const MARGIN = 0.08;

/** `states` are those of the alert, oldest first. */
export function rowPlots({ timeMs, channels }, states) {
  const [fromMs, toMs] = [timeMs[0], timeMs.at(-1)];
  const xOf = (time) => ((time - fromMs) / Math.max(1, toMs - fromMs)) * WIDTH;
  const newest = states.at(-1);
  const touched = {
    x: xOf(Date.parse(newest.start)),
    end: newest.end === null ? WIDTH : xOf(Date.parse(newest.end)),
  };
  const plots = channels.map((channel) => {
    const told = newest.attribution.find((part) => part.channel === channel.id);
    return channelPlot(channel, timeMs.map(xOf), touched, told?.expected ?? null);
  });
  const legend = `${moment(fromMs)} to ${moment(toMs)}; shaded: the alert; dashed: what was expected.`;
  return [...plots, make('p', { class: 'soft' }, legend)];
}

function channelPlot({ id, unit, values }, xs, touched, expected) {
  const known = [...values, expected].filter((value) => value !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const yOf = (value) => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return HEIGHT * (1 - MARGIN - (1 - 2 * MARGIN) * share);
  };
  const plot = frame(`${id}: from ${figure(low)} to ${figure(high)} ${unit}`);
  const width = Math.max(2, touched.end - touched.x);
  plot.append(
    svg('rect', { class: 'touched', x: touched.x, width, height: HEIGHT }),
    svg('path', {
      class: 'curve',
      d: curve(values.map((value, row) => (value === null ? null : [xs[row], yOf(value)]))),
    }),
  );
  if (expected !== null) {
    const y = yOf(expected);
    plot.append(svg('line', { class: 'expected', x1: touched.x, x2: touched.end, y1: y, y2: y }));
  }
  const range = `${figure(low)} to ${figure(high)} ${unit}`;
  return make(
    'figure',
    {},
    make(
      'figcaption',
      { class: 'row' },
      make('span', {}, id),
      make('span', { class: 'soft' }, range),
    ),
    plot,
  );
}
