// The chart of a stream's scores: above the alert level in another colour.
import { colour, createChart, dashed, fill } from './chart.js';
import { columnsOf, highestOf, scoreTicks, withGaps } from './chart-data.js';
import { score } from './words.js';

export function createScoreChart(id) {
  let highest = 2;
  const chart = createChart({
    ...{ label: 'Score', scale: '1 is the alert level; logarithmic above', height: 120 },
    text: ([, value]) => score(value),
    y: { distr: 4, asinh: 1, range: () => [0, highest] },
    axis: {
      splits: () => scoreTicks(highest),
      filter: (_, splits) => splits,
      values: (_, splits) => splits.map(String),
    },
    series: () => [{ stroke: twoColours, width: 1.5, points: { size: 4 } }],
    paint(u) {
      fill(u, { low: 1, style: colour('over') });
      dashed(u, 1, colour('soft'));
    },
  });
  return {
    element: chart.element,
    draw({ points, fromMs, toMs }) {
      highest = highestOf(points);
      const most = Math.max(0, ...points.map(([, value]) => value));
      chart.show({
        ...{ data: columnsOf(withGaps(points), 2), fromMs, toMs, newest: '' },
        about: `of ${id}, highest ${score(most)}, where 1 is the alert level`,
      });
    },
  };
}

/** Changes its colour at the alert level. */
function twoColours(u) {
  const { top, height } = u.bbox;
  const level = Math.min(1, Math.max(0, (u.valToPos(1, 'y', true) - top) / height));
  const gradient = u.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, colour('critical'));
  gradient.addColorStop(level, colour('critical'));
  gradient.addColorStop(level, colour('calm'));
  gradient.addColorStop(1, colour('calm'));
  return gradient;
}
