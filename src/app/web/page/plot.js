// Curves as SVG. They are stretched to the width of the page, so their texts are HTML beside them.

const SVG = 'http://www.w3.org/2000/svg';
export const WIDTH = 600;
export const HEIGHT = 120;

/** Points of a curve that lie further apart than this many usual steps are not joined. */
const GAP_STEPS = 4;

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An empty plot with a text for those who do not see it. */
export function frame(label) {
  return svg('svg', {
    class: 'plot',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
  });
}

/** `points` are [x, y] in pixels of the frame, or null where the curve is broken. One that is alone is a dot. */
export function curve(points) {
  const parts = points.map((point, index) => {
    if (!point) return '';
    const [x, y] = point.map((pixels) => pixels.toFixed(1));
    if (points[index - 1]) return `L${x} ${y}`;
    return `M${x} ${y}${points[index + 1] ? '' : 'h0'}`;
  });
  return parts.join('');
}

/** Puts a break between points that lie too far apart in time. */
export function withGaps(points) {
  const steps = points.slice(1).map(([timeMs], index) => timeMs - points[index][0]);
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return points.flatMap((point, index) =>
    index > 0 && steps[index - 1] > GAP_STEPS * usual ? [null, point] : [point],
  );
}

/** How high a score stands, 0 to 1. The root makes quiet ones visible beside loud ones. */
export function heightOf(score, highest) {
  return Math.sqrt(Math.max(0, score) / highest);
}

/** What the top of a plot of scores stands for: the alert level is always in sight. */
export function highestOf(points) {
  return Math.max(2, ...points.map(([, score]) => score * 1.1));
}

/** Draws scores anew into a frame; what is above the alert level is drawn apart. */
export function drawScores(plot, points, fromMs, toMs) {
  const highest = highestOf(points);
  const xOf = (timeMs) => ((timeMs - fromMs) / Math.max(1, toMs - fromMs)) * WIDTH;
  const yOf = (score) => HEIGHT * (1 - heightOf(score, highest));
  const path = curve(withGaps(points).map((point) => point && [xOf(point[0]), yOf(point[1])]));
  const level = yOf(1);
  plot.replaceChildren(
    svg('rect', { class: 'over-area', width: WIDTH, height: level }),
    svg('line', { class: 'level', x2: WIDTH, y1: level, y2: level }),
    svg('path', { class: 'curve', d: path }),
    svg('svg', { width: WIDTH, height: level }, svg('path', { class: 'curve over', d: path })),
  );
  return level / HEIGHT;
}
