// Result rows as an SVG: one group of bars a data set, one bar a detector. No scripts, no fonts from elsewhere.
import type { ResultRow } from './result-row.ts';
import { distinct, type Metric, summarise } from './summary.ts';

const BAR = 14;
const GAP = 26;
const HEIGHT = 220;
const MARGIN = { left: 44, top: 16, bottom: 40 };
const LEGEND = { width: 190, line: 18 };

/** Hues as far apart as the number of detectors allows; the first is the darkest, it is ours. */
function colourOf(index: number, count: number): string {
  return index === 0
    ? 'hsl(210 80% 32%)'
    : `hsl(${Math.round((index * 360) / count + 20) % 360} 45% 60%)`;
}

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
        ? bar(x, summary, colourOf(i, detectors.length), `${dataset} ${detector}`)
        : '';
    }),
  );
  const names = datasets.map((name, d) =>
    text(MARGIN.left + (d + 0.5) * group, MARGIN.top + HEIGHT + 18, escaped(name), 'middle'),
  );
  const legend = detectors.map((name, i) => {
    const x = MARGIN.left + datasets.length * group + 16;
    const y = MARGIN.top + i * LEGEND.line;
    const box = `<rect x="${x}" y="${y}" width="11" height="11" fill="${colourOf(i, detectors.length)}"/>`;
    return box + text(x + 17, y + 10, escaped(name), 'start');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...grid(MARGIN.left + datasets.length * group),
    ...bars.filter((element) => element !== ''),
    ...names,
    ...legend,
    '</svg>\n',
  ].join('\n');
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

function grid(right: number): string[] {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((value) => [
    `<line x1="${MARGIN.left}" x2="${right}" y1="${yOf(value)}" y2="${yOf(value)}" stroke="#ddd"/>`,
    text(MARGIN.left - 6, yOf(value) + 4, String(value), 'end'),
  ]);
}

function yOf(value: number): number {
  return MARGIN.top + (1 - Math.min(1, Math.max(0, value))) * HEIGHT;
}

function text(x: number, y: number, words: string, anchor: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
