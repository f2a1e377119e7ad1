// Result rows as an SVG: one group of bars a data set, one bar a detector.
import { colourOf, escaped, gridLine, svgPage, text } from '../plots/svg.ts';
import type { ResultRow } from './result-row.ts';
import { distinct, type Metric, summarise } from './result-row.ts';

const BAR = 14;
const GAP = 26;
const HEIGHT = 220;
const MARGIN = { left: 44, top: 16, bottom: 40 };
const LEGEND = { width: 190, line: 18 };
/** Saturation and lightness of bars. */
const TONE = '45% 60%';

/** Means of a metric between 0 and 1; whiskers are one standard deviation over seeds. */
export function plot(rows: readonly ResultRow[], metric: Metric, title: string): string {
  const datasets = distinct(rows, 'dataset');
  const detectors = distinct(rows, 'detector');
  const group = detectors.length * BAR + GAP;
  const width = MARGIN.left + datasets.length * group + LEGEND.width;
  const height = Math.max(HEIGHT, detectors.length * LEGEND.line) + MARGIN.top + MARGIN.bottom;
  const bars = datasets.flatMap((dataset, d) =>
    detectors.map((detector, i) => {
      const some = rows.filter((row) => row.dataset === dataset && row.detector === detector);
      const summary = summarise(some, metric);
      const x = MARGIN.left + d * group + GAP / 2 + i * BAR;
      return summary
        ? bar(x, summary, colourOf(i, detectors.length, TONE), `${dataset} ${detector}`)
        : '';
    }),
  );
  const names = datasets.map((name, d) =>
    text(MARGIN.left + (d + 0.5) * group, MARGIN.top + HEIGHT + 18, name, 'middle'),
  );
  const legend = detectors.map((name, i) => {
    const x = MARGIN.left + datasets.length * group + 16;
    const y = MARGIN.top + i * LEGEND.line;
    const box = `<rect x="${x}" y="${y}" width="11" height="11" fill="${colourOf(i, detectors.length, TONE)}"/>`;
    return box + text(x + 17, y + 10, name, 'start');
  });
  return svgPage({ width, height, title }, [
    ...grid(MARGIN.left + datasets.length * group),
    ...bars.filter((element) => element !== ''),
    ...names,
    ...legend,
  ]);
}

function bar(
  x: number,
  { mean, sd }: { readonly mean: number; readonly sd: number },
  colour: string,
  title: string,
): string {
  const y = yOf(mean);
  const rect = `<rect x="${x}" y="${y.toFixed(1)}" width="${BAR - 2}" height="${(yOf(0) - y).toFixed(1)}" fill="${colour}"><title>${escaped(title)} ${mean.toFixed(3)}</title></rect>`;
  if (sd === 0) return rect;
  const centre = x + BAR / 2 - 1;
  return `${rect}<line x1="${centre}" x2="${centre}" y1="${yOf(mean - sd).toFixed(1)}" y2="${yOf(mean + sd).toFixed(1)}" stroke="black"/>`;
}

function grid(right: number): readonly string[] {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((value) =>
    gridLine(MARGIN.left, right, yOf(value), String(value)),
  );
}

function yOf(value: number): number {
  return MARGIN.top + (1 - Math.min(1, Math.max(0, value))) * HEIGHT;
}
