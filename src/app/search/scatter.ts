// Points on two axes as an SVG. No scripts, no fonts from elsewhere.
import { extent } from '../../engine/statistics.ts';
import { type Axis, linearAxis } from '../../lab/plots/axes.ts';
import { axisText } from '../../lab/plots/report-style.ts';

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
const TOP = 24;
const RIGHT = 24;
const TICKS = 6;
/** From corner to corner: both axes are the same. */
const DIAGONAL = `<path class="grid" d="M${LEFT} ${TOP + HEIGHT}L${LEFT + WIDTH} ${TOP}"/>`;

/** Nothing for no points. */
export function scatter(marks: readonly Mark[], axes: Axes): string {
  if (marks.length === 0) return '';
  const ys = marks.flatMap(({ y, spread = 0 }) => [y - spread, y + spread]);
  const xs = marks.map(({ x }) => x);
  const both = [...xs, ...ys];
  const x = linearAxis(extent(axes.diagonal ? both : xs), [LEFT, LEFT + WIDTH], TICKS);
  const y = linearAxis(extent(axes.diagonal ? both : ys), [TOP + HEIGHT, TOP], TICKS);
  return [
    `<svg viewBox="0 0 ${LEFT + WIDTH + RIGHT} ${TOP + HEIGHT + BOTTOM}">`,
    ...x.ticks.map((tick) => axisText(tick.at, TOP + HEIGHT + 16, tick.text, 'middle')),
    ...y.ticks.map((tick) => gridLine(tick.at, tick.text)),
    axisText(LEFT + WIDTH / 2, TOP + HEIGHT + 34, axes.x, 'middle'),
    axisText(LEFT, TOP - 10, axes.y, 'start'),
    ...(axes.diagonal ? [DIAGONAL] : []),
    ...marks.map((mark) => markAt(mark, x, y)),
    '</svg>',
  ].join('');
}

function markAt({ x, y, title, look, spread }: Mark, across: Axis, up: Axis): string {
  const [cx, cy] = [across.at(x), up.at(y)];
  const whisker =
    spread === undefined
      ? ''
      : `<path class="whisker" d="M${f(cx)} ${f(up.at(y - spread))}V${f(up.at(y + spread))}"/>`;
  return `${whisker}<circle class="${look}" cx="${f(cx)}" cy="${f(cy)}" r="4"><title>${title}</title></circle>`;
}

function gridLine(y: number, label: string): string {
  return `<path class="grid" d="M${LEFT} ${f(y)}h${WIDTH}"/>${axisText(LEFT - 6, y + 4, label, 'end')}`;
}

function f(value: number): string {
  return value.toFixed(1);
}
