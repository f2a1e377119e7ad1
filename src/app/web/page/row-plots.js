// The rows around an alert, a small chart a channel: shaded while the alert lasted, with what is usual or was expected.
import { colour, createChart, dashed, fill } from './chart.js';
import { rangeOf } from './chart-data.js';
import { make } from './dom.js';
import { figure, moment, withUnit } from './words.js';

/** `states` are those of the alert, oldest first. */
export function rowPlots({ timeMs, channels }, states) {
  const newest = states.at(-1);
  const stretch = { fromMs: timeMs[0], toMs: timeMs.at(-1) };
  const alert = {
    from: Date.parse(newest.start),
    to: newest.end === null ? stretch.toMs : Date.parse(newest.end),
  };
  const plots = channels.map((channel) => {
    const part = newest.attribution.find(({ channel: id }) => id === channel.id);
    const { usual, expected = null } = part ?? {};
    return channelPlot(channel, timeMs, stretch, { alert, usual, expected });
  });
  const legend = `${moment(stretch.fromMs)} to ${moment(stretch.toMs)}; shaded: the alert; band or dashed: what is normal.`;
  return [...plots, make('p', { class: 'soft' }, legend)];
}

function channelPlot({ id, unit, values }, timeMs, stretch, { alert, usual, expected }) {
  const normal = usual ? [usual.low, usual.high] : [expected];
  const range = rangeOf([...values, ...normal]);
  const [low, high] = rangeOf(values);
  const chart = createChart({
    ...{ label: id, scale: unit },
    text: ([, value]) => withUnit(value, unit),
    y: { range: () => range },
    axis: { values: (_, splits) => splits.map(figure) },
    series: () => [{ stroke: () => colour('calm'), width: 1.5, points: { size: 4 } }],
    paint(u) {
      fill(u, { ...alert, style: colour('touched') });
      if (usual) fill(u, { low: usual.low, high: usual.high, style: colour('normal') });
      else if (expected !== null) dashed(u, expected, colour('info'));
    },
  });
  chart.show({
    ...{ data: [timeMs, values], ...stretch, newest: '' },
    about: `from ${figure(low)} to ${figure(high)} ${unit}`,
  });
  return chart.element;
}
