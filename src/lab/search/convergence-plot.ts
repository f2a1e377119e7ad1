// Convergence of searches to the optimum, as an SVG: one line a method.
import { type Axis, linearAxis } from '../plots/axes.ts';
import { colourOf, escaped, gridLine, svgPage, text } from '../plots/svg.ts';

export interface ConvergenceCurve {
  readonly name: string;
  /** After each evaluation; lower is better. */
  readonly values: ArrayLike<number>;
  /** Evaluation of the first value; default 1. */
  readonly from?: number;
  /** A band around the line, of the same length, e.g. quartiles. */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
  /** From other runs, e.g. published ones: the line is dashed. */
  readonly foreign?: boolean;
}

export interface ConvergenceLabels {
  readonly title: string;
  /** What the values are, with their unit. */
  readonly value: string;
}

const WIDTH = 560;
const HEIGHT = 320;
const MARGIN = { left: 64, top: 16, bottom: 44 };
const LEGEND = { width: 230, line: 18 };
/** Saturation and lightness of lines. */
const TONE = '60% 50%';
const TICKS = 5;
/** Evaluations whose numbers are shown, as shares of all. */
const COLUMNS = [0, 0.25, 0.5, 0.75, 1];
/** The first evaluations are random for every method. The axis shows the values after this share of the evaluations. */
const SETTLED = 1 / 16;

interface Scale {
  x(evaluation: number): number;
  y(value: number): number;
  readonly evaluations: number;
  /** The axis of values. */
  readonly up: Axis;
}

/** The first curve is this project's method and is drawn thickest. */
export function convergencePlot(
  curves: readonly ConvergenceCurve[],
  { title, value }: ConvergenceLabels,
): string {
  const scale = scaleOf(curves);
  const width = MARGIN.left + WIDTH + LEGEND.width;
  const height = MARGIN.top + Math.max(HEIGHT, curves.length * LEGEND.line) + MARGIN.bottom;
  const colours = curves.map((_, i) => colourOf(i, curves.length, TONE));
  return svgPage({ width, height, title }, [
    `<clipPath id="plot"><rect x="${MARGIN.left}" y="${MARGIN.top}" width="${WIDTH}" height="${HEIGHT}"/></clipPath>`,
    ...axes(scale, value),
    '<g clip-path="url(#plot)">',
    ...curves.flatMap((curve, i) => bandOf(curve, scale, colours[i] as string)),
    // The first curve is drawn last, over the others.
    ...curves.map((curve, i) => lineOf(curve, scale, colours[i] as string, i === 0)).reverse(),
    '</g>',
    ...curves.map((curve, i) => legendOf(curve, i, colours[i] as string)),
  ]);
}

function scaleOf(curves: readonly ConvergenceCurve[]): Scale {
  const evaluations = Math.max(
    2,
    ...curves.map(({ values, from = 1 }) => from + values.length - 1),
  );
  const settled = Math.floor(evaluations * SETTLED);
  const shown = curves.flatMap(({ values, from = 1 }) =>
    Array.from(values).slice(Math.max(0, settled - from + 1)),
  );
  const least = Math.min(0, ...shown);
  const greatest = Math.max(least + Number.EPSILON, ...shown);
  const up = linearAxis([least, greatest], [MARGIN.top + HEIGHT, MARGIN.top], TICKS);
  return {
    ...{ evaluations, up, y: up.at },
    x: (evaluation) => MARGIN.left + ((evaluation - 1) / (evaluations - 1)) * WIDTH,
  };
}

/** A value holds until the next evaluation, so lines are stairs. Only corners and the end are written. */
function stairs(values: ArrayLike<number>, from: number, { x, y }: Scale): string {
  return Array.from(values, (value, i) => {
    if (i === 0) return `${x(from).toFixed(1)},${y(value).toFixed(1)}`;
    const level = value === values[i - 1];
    if (level && i < values.length - 1) return '';
    return `H${x(from + i).toFixed(1)}${level ? '' : `V${y(value).toFixed(1)}`}`;
  }).join('');
}

function lineOf(curve: ConvergenceCurve, scale: Scale, colour: string, ours: boolean): string {
  const dashes = curve.foreign ? ' stroke-dasharray="5 4"' : '';
  return `<path d="M${stairs(curve.values, curve.from ?? 1, scale)}" fill="none" stroke="${colour}" stroke-width="${ours ? 2.5 : 1.3}"${dashes}><title>${escaped(curve.name)}</title></path>`;
}

function bandOf(
  { band, from = 1 }: ConvergenceCurve,
  scale: Scale,
  colour: string,
): readonly string[] {
  if (!band) return [];
  const { x, y } = scale;
  // The lower stairs from their end to their beginning, so that the path closes.
  const back = Array.from(
    band.low,
    (value, i) => `V${y(value).toFixed(1)}H${x(from + i).toFixed(1)}`,
  ).reverse();
  return [
    `<path d="M${stairs(band.high, from, scale)}${back.join('')}Z" fill="${colour}" fill-opacity="0.1"/>`,
  ];
}

function axes({ x, up, evaluations }: Scale, value: string): readonly string[] {
  const rows = up.ticks.flatMap((tick) =>
    gridLine(MARGIN.left, MARGIN.left + WIDTH, tick.at, tick.text),
  );
  const columns = COLUMNS.map((share) => {
    const at = Math.max(1, Math.round(share * evaluations));
    return text(x(at), MARGIN.top + HEIGHT + 16, String(at), 'middle');
  });
  const below = MARGIN.top + HEIGHT + 34;
  return [
    ...rows,
    ...columns,
    text(MARGIN.left + WIDTH / 2, below, 'evaluations', 'middle'),
    text(MARGIN.left, below, value, 'start'),
  ];
}

function legendOf({ name, foreign }: ConvergenceCurve, place: number, colour: string): string {
  const x = MARGIN.left + WIDTH + 16;
  const y = MARGIN.top + place * LEGEND.line + 6;
  const dashes = foreign ? ' stroke-dasharray="5 4"' : '';
  return `<line x1="${x}" x2="${x + 20}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="${place === 0 ? 2.5 : 1.3}"${dashes}/>${text(x + 26, y + 4, name, 'start')}`;
}
