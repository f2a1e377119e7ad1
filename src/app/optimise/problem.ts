// A problem file as a problem for a search: values of variables, and objectives and constraints with their signs.
import { ConfigError } from '../../core/errors.ts';
import { createRandom } from '../../engine/random.ts';
import type { Measured, Point, PointProblem, Variable } from '../../lab/search/points/contract.ts';
import { PointSpace, unitSampler } from '../../lab/search/points/space.ts';
import { numbersIn, type ProblemFile, type VariableEntry } from './problem-schema.ts';
import { parseRule, type Rule, type Values } from './rule.ts';

/** A setting as the program gets it. */
export type Setting = string | number | boolean;

/** One run in the units of the program, by name. */
export type Metrics = Readonly<Record<string, number>>;

export interface NamedProblem extends PointProblem {
  readonly file: ProblemFile;
  /** In the order of the file. */
  readonly names: {
    readonly variables: readonly string[];
    readonly objectives: readonly string[];
    readonly constraints: readonly string[];
  };
  /** In the sense of the search, lower is better. */
  readonly reference: readonly number[] | undefined;
  settingsOf(point: Point): Readonly<Record<string, Setting>>;
  measuredFrom(metrics: Metrics): Measured;
}

/** Throws `ConfigError` where no point is legal, with the rule that is nearest to being kept. */
export function problemFrom(file: ProblemFile): NamedProblem {
  const variables = Object.entries(file.variables);
  const numbers = numbersIn(file.variables);
  const rules = file.legal.map((text) => parseRule(text, numbers));
  const settingsOf = (point: Point) =>
    Object.fromEntries(
      variables.map(([name, entry], i) => [name, settingOf(entry, point[i] as number)]),
    );
  const valuesOf = (point: Point): Values =>
    new Map(
      variables.map(([name, entry], i) => [name, Number(settingOf(entry, point[i] as number))]),
    );
  const signs = Object.values(file.objectives).map(({ better }) => (better === 'lower' ? 1 : -1));
  const inSense = (of: Metrics) =>
    Object.keys(file.objectives).map((name, i) => (signs[i] as number) * (of[name] as number));
  const problem: NamedProblem = {
    file,
    names: {
      variables: Object.keys(file.variables),
      objectives: Object.keys(file.objectives),
      constraints: Object.keys(file.constraints),
    },
    variables: variables.map(([, entry]) => variableOf(entry)),
    objectives: signs.length,
    constraints: Object.keys(file.constraints).length,
    legal: (point) => rules.every((rule) => rule.keeps(valuesOf(point))),
    reference: file.reference && inSense(file.reference),
    settingsOf,
    measuredFrom: (metrics) => ({
      objectives: inSense(metrics),
      constraints: Object.entries(file.constraints).map(([name, { least, most }]) =>
        most === undefined
          ? (least as number) - (metrics[name] as number)
          : (metrics[name] as number) - most,
      ),
    }),
  };
  requireLegal(problem, rules, valuesOf);
  return problem;
}

function variableOf(entry: VariableEntry): Variable {
  return entry.kind === 'choice' ? { kind: 'choice', options: entry.options.length } : entry;
}

function settingOf(entry: VariableEntry, value: number): Setting {
  return entry.kind === 'choice' ? (entry.options[value] as Setting) : value;
}

/** Draws after which no point counts as legal. */
const DRAWS = 20_000;

function requireLegal(
  problem: PointProblem,
  rules: readonly Rule[],
  valuesOf: (point: Point) => Values,
): void {
  if (rules.length === 0) return;
  const space = new PointSpace(problem);
  const draw = unitSampler(space.variables.length, createRandom(1));
  let nearest: { readonly rule: Rule; readonly miss: number } | undefined;
  for (let i = 0; i < DRAWS; i++) {
    const point = space.fromUnit(draw());
    const misses = rules.map((rule) => ({ rule, miss: rule.missedBy(valuesOf(point)) }));
    const worst = misses.reduce((a, b) => (b.miss > a.miss ? b : a));
    if (space.isLegal(point)) return;
    if (!nearest || worst.miss < nearest.miss) nearest = worst;
  }
  const { rule, miss } = nearest as NonNullable<typeof nearest>;
  throw new ConfigError(
    `none of ${DRAWS} points that were drawn is legal: the nearest misses '${rule.text}' by ${Number(miss.toPrecision(3))}: loosen the rule or widen the variables`,
    { code: 'SEN_CFG_OPTIMISE_LEGAL' },
  );
}
