// Points on two axes as an SVG. No scripts, no fonts from elsewhere.
import { extent } from '../../engine/statistics.ts';
import { short } from './costs.ts';

export interface Mark {
  readonly x: number;
  readonly y: number;
  /** Shown when it is pointed at. */
  readonly title: string;
  /** A class of the page: how it looks. */
  readonly look: 'plain' | 'front' | 'chosen';
  /** Half the length of a whisker along y. */
  readonly spread?: number;
}

export interface Axes {
  readonly x: string;
  readonly y: string;
  /** Draws the line on which x and y are equal. */
  readonly diagonal?: boolean;
}

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 64;
const BOTTOM = 40;
const TOP = 12;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Nothing for no points. */
export function scatter(marks: readonly Mark[], axes: Axes): string {
  if (marks.length === 0) return '';
  const ys = marks.flatMap(({ y, spread = 0 }) => [y - spread, y + spread]);
  const xs = marks.map(({ x }) => x);
  const both = [...xs, ...ys];
  const x = scaleOf(axes.diagonal ? both : xs, LEFT, LEFT + WIDTH);
  const y = scaleOf(axes.diagonal ? both : ys, TOP + HEIGHT, TOP);
  return [
    `<svg viewBox="0 0 ${LEFT + WIDTH + 16} ${TOP + HEIGHT + BOTTOM}" role="img">`,
    ...x.ticks.map((tick) => text(x.at(tick), TOP + HEIGHT + 16, short(tick), 'middle')),
    ...y.ticks.map((tick) => gridLine(y.at(tick), short(tick))),
    text(LEFT + WIDTH / 2, TOP + HEIGHT + 34, axes.x, 'middle'),
    text(LEFT, TOP - 2, axes.y, 'start'),
    ...(axes.diagonal ? [diagonal(x, y)] : []),
    ...marks.map((mark) => markAt(mark, x, y)),
    '</svg>',
  ].join('');
}

/** From the least to the greatest value, with a margin. */
function scaleOf(values: readonly number[], start: number, end: number): Scale {
  const [least, greatest] = extent(values);
  const margin = (greatest - least || Math.abs(greatest) || 1) * 0.05;
  const [low, high] = [least - margin, greatest + margin];
  return {
    at: (value) => start + ((value - low) / (high - low)) * (end - start),
    ticks: TICKS.map((share) => low + share * (high - low)),
  };
}

function markAt({ x, y, title, look, spread }: Mark, across: Scale, up: Scale): string {
  const [cx, cy] = [across.at(x), up.at(y)];
  const whisker =
    spread === undefined
      ? ''
      : `<path class="whisker" d="M${f(cx)} ${f(up.at(y - spread))}V${f(up.at(y + spread))}"/>`;
  return `${whisker}<circle class="${look}" cx="${f(cx)}" cy="${f(cy)}" r="4"><title>${title}</title></circle>`;
}

function gridLine(y: number, label: string): string {
  return `<path class="grid" d="M${LEFT} ${f(y)}h${WIDTH}"/>${text(LEFT - 6, y + 4, label, 'end')}`;
}

function diagonal({ at, ticks }: Scale, up: Scale): string {
  const [from = 0, to = 0] = [ticks[0], ticks.at(-1)];
  return `<path class="grid" d="M${f(at(from))} ${f(up.at(from))}L${f(at(to))} ${f(up.at(to))}"/>`;
}

function text(x: number, y: number, words: string, anchor: string): string {
  return `<text class="axis" x="${f(x)}" y="${f(y)}" text-anchor="${anchor}">${words}</text>`;
}

function f(value: number): string {
  return value.toFixed(1);
}
