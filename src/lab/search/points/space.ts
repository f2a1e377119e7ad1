// The points of a problem: their coordinates for surrogates, how to draw them, their neighbours, and the nearest legal one.
//
// Notation   d variables; E coordinates: one in [0, 1] for each real and integer variable, one-hot for each choice
import type { Random } from '../../../engine/random.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import { SOBOL_DIMENSIONS, sobol } from '../design-space/samplers.ts';
import type { Point, PointProblem, Variable } from './contract.ts';

export class PointSpace {
  readonly variables: readonly Variable[];
  /** E */
  readonly width: number;
  readonly #problem: PointProblem;

  constructor(problem: PointProblem) {
    for (const [i, variable] of problem.variables.entries()) requireValues(variable, i);
    this.#problem = problem;
    this.variables = problem.variables;
    this.width = problem.variables.reduce((sum, variable) => sum + widthOf(variable), 0);
  }

  isLegal(point: Point): boolean {
    return this.#problem.legal?.(point) ?? true;
  }

  /** Number of points, legal or not; infinite with a real variable. */
  get size(): number {
    return this.variables.reduce((product, variable) => product * valuesOf(variable), 1);
  }

  /** Every point, legal or not, for a space of finite size. */
  *all(): Generator<Point> {
    const sizes = this.variables.map(valuesOf);
    for (let number = 0; number < this.size; number++) {
      let rest = number;
      yield this.variables.map((variable, i) => {
        const step = rest % (sizes[i] as number);
        rest = Math.floor(rest / (sizes[i] as number));
        return variable.kind === 'choice' ? step : variable.least + step;
      });
    }
  }

  /** The point at a place of the unit cube, (d,) in [0, 1): each value of an integer or choice has an equal share. */
  fromUnit(unit: ArrayLike<number>): Point {
    return this.variables.map((variable, i) => spread(variable, unit[i] as number));
  }

  /** The middle of the share that `fromUnit` gives each value; exact for reals. */
  toUnit(point: Point): Float64Array {
    return Float64Array.from(this.variables, (variable, i) => {
      const value = point[i] as number;
      if (variable.kind === 'choice') return (value + 0.5) / variable.options;
      if (variable.kind === 'integer' && !variable.log) {
        return (value - variable.least + 0.5) / (variable.most - variable.least + 1);
      }
      return shareOf(variable, value);
    });
  }

  /** (points, E) */
  coordinatesOf(points: readonly Point[]): Points {
    const values = new Float64Array(points.length * this.width);
    for (const [row, point] of points.entries()) {
      let at = row * this.width;
      for (const [i, variable] of this.variables.entries()) {
        const value = point[i] as number;
        if (variable.kind === 'choice') values[at + value] = 1;
        else values[at] = shareOf(variable, value);
        at += widthOf(variable);
      }
    }
    return { values, width: this.width };
  }

  /** The point nearest to coordinates, (E,), legal or not. */
  snap(coordinates: Float64Array): Point {
    let at = 0;
    return this.variables.map((variable) => {
      const own = coordinates.subarray(at, at + widthOf(variable));
      at += own.length;
      return variable.kind === 'choice'
        ? own.indexOf(Math.max(...own))
        : valueAt(variable, own[0] as number);
    });
  }

  /** Legal points that differ in one integer, by one step, or in one choice. */
  neighbours(point: Point): readonly Point[] {
    return this.variables
      .flatMap((variable, i) =>
        othersOf(variable, point[i] as number).map((value) => point.with(i, value)),
      )
      .filter((other) => this.isLegal(other));
  }

  /**
   * A legal point as near to `point` as can be found: the nearest of some drawn around it in ever wider boxes, then moved
   * towards it while it stays legal. Undefined if there is none among them.
   */
  nearestLegal(point: Point, random: Random): Point | undefined {
    if (this.isLegal(point)) return point;
    const goal = this.toUnit(point);
    for (let reach = LEAST_REACH; reach < 2 * MOST_REACH; reach *= 2) {
      const drawn = Array.from({ length: DRAWS }, () =>
        goal.map((unit) => clipped(unit + reach * (2 * random.uniform() - 1))),
      ).filter((unit) => this.isLegal(this.fromUnit(unit)));
      if (drawn.length > 0) return this.#towards(goal, nearestOf(drawn, goal));
    }
    return undefined;
  }

  #towards(goal: Float64Array, from: Float64Array): Point {
    let [legal, illegal] = [0, 1];
    const at = (share: number) =>
      this.fromUnit(from.map((unit, i) => clipped(unit + share * ((goal[i] as number) - unit))));
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (legal + illegal) / 2;
      if (this.isLegal(at(middle))) legal = middle;
      else illegal = middle;
    }
    return at(legal);
  }
}

/** Half widths of the boxes, as a share of the range. */
const [LEAST_REACH, MOST_REACH] = [1 / 64, 1];
const DRAWS = 64;
const HALVINGS = 20;

/** Draws places of the unit cube: by Sobol's sequence, and at random in dimensions that it does not have. */
export function unitSampler(dimensions: number, random: Random): () => Float64Array {
  const even = sobol(Math.min(dimensions, SOBOL_DIMENSIONS), random);
  return () => {
    const unit = new Float64Array(dimensions);
    unit.set(even(1)[0] as Float64Array);
    for (let i = SOBOL_DIMENSIONS; i < dimensions; i++) unit[i] = random.uniform();
    return unit;
  };
}

/** Points are equal if their keys are. */
export function keyOf(point: Point): string {
  return point.join();
}

/** Just below 1: the upper end of the unit interval, where `fromUnit` still has a value. */
const ALMOST_ONE = 1 - 2 ** -53;

function clipped(unit: number): number {
  return Math.min(Math.max(unit, 0), ALMOST_ONE);
}

function nearestOf(places: readonly Float64Array[], goal: Float64Array): Float64Array {
  const distance = (place: Float64Array) =>
    place.reduce((sum, unit, i) => sum + (unit - (goal[i] as number)) ** 2, 0);
  return places.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}

function widthOf(variable: Variable): number {
  return variable.kind === 'choice' ? variable.options : 1;
}

function valuesOf(variable: Variable): number {
  if (variable.kind === 'choice') return variable.options;
  return variable.kind === 'real' ? Number.POSITIVE_INFINITY : variable.most - variable.least + 1;
}

function requireValues(variable: Variable, number: number): void {
  if (variable.kind === 'choice') {
    if (Number.isInteger(variable.options) && variable.options > 1) return;
    throw new RangeError(`variable ${number} has ${variable.options} options, must have two`);
  }
  const { kind, least, most, log = false } = variable;
  const isWhole = kind === 'real' || (Number.isInteger(least) && Number.isInteger(most));
  if (most > least && Number.isFinite(most - least) && isWhole && (!log || isRatio(most / least)))
    return;
  throw new RangeError(
    `variable ${number} is ${kind} from ${least} to ${most}${log ? ' on a log scale' : ''}: that is no range`,
  );
}

/** Whether a logarithmic scale has the range: neither reversed, nor from 0 on, nor too wide. */
function isRatio(ratio: number): boolean {
  return ratio > 1 && Number.isFinite(ratio);
}

type Ranged = Exclude<Variable, { kind: 'choice' }>;

function spread(variable: Variable, unit: number): number {
  if (variable.kind === 'choice') return Math.floor(clipped(unit) * variable.options);
  if (variable.kind === 'integer' && !variable.log) {
    return variable.least + Math.floor(clipped(unit) * (variable.most - variable.least + 1));
  }
  return valueAt(variable, unit);
}

function valueAt(variable: Ranged, share: number): number {
  const { kind, least, most, log = false } = variable;
  const value = log ? least * (most / least) ** share : least + share * (most - least);
  const whole = kind === 'integer' ? Math.round(value) : value;
  return Math.min(Math.max(whole, least), most); // rounding errors
}

function shareOf({ least, most, log = false }: Ranged, value: number): number {
  return log ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
}

function othersOf(variable: Variable, value: number): readonly number[] {
  switch (variable.kind) {
    case 'real':
      return [];
    case 'integer':
      return [value - 1, value + 1].filter((one) => one >= variable.least && one <= variable.most);
    case 'choice':
      return Array.from({ length: variable.options }, (_, option) => option).filter(
        (option) => option !== value,
      );
  }
}
