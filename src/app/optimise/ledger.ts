// All evaluations so far, with the front among them: what progress, table, page and end are made of.
import { mean, median } from '../../engine/statistics.ts';
import { hypervolume } from '../../lab/search/front.ts';
import type { Evaluated } from '../../lab/search/points/contract.ts';
import {
  archiveOf,
  evaluatedFrom,
  isFeasible,
  violationsOf,
} from '../../lab/search/points/history.ts';
import { keyOf } from '../../lab/search/points/space.ts';
import type { Done } from './journal.ts';
import type { Metrics, NamedProblem, Setting } from './problem.ts';

export interface Row {
  /** From 1 on. */
  readonly evaluation: number;
  readonly reason: string;
  readonly settings: Readonly<Record<string, Setting>>;
  /** Means over all runs at this point so far; none where it failed. */
  readonly metrics: Metrics | undefined;
  readonly feasible: boolean;
  /** Of all feasible points so far; undefined without a reference. */
  readonly hypervolume: number | undefined;
  readonly failure: string | undefined;
  readonly seconds: number;
}

/** How much a point misses its constraints by. */
interface NearMiss {
  readonly evaluation: number;
  /** Names of the constraints, and by how much each is missed, in its unit. */
  readonly misses: readonly { readonly name: string; readonly by: number }[];
}

export class Ledger {
  readonly #problem: NamedProblem;
  readonly #rows: Row[] = [];
  readonly #points = new Map<
    string,
    { readonly row: Row; readonly evaluated: Evaluated; readonly runs: readonly Metrics[] }
  >();
  #front: ReadonlySet<string> = new Set();

  constructor(problem: NamedProblem) {
    this.#problem = problem;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** The newest row of each point on the front, by the first objective, best first. */
  get front(): readonly Row[] {
    const points = [...this.#front].flatMap((key) => this.#points.get(key) ?? []);
    return points
      .toSorted(
        (a, b) => (a.evaluated.objectives[0] as number) - (b.evaluated.objectives[0] as number),
      )
      .map(({ row }) => row);
  }

  /** Whether an evaluation has not failed. */
  get hasSuccess(): boolean {
    return this.#points.size > 0;
  }

  get hypervolume(): number | undefined {
    return this.#rows.at(-1)?.hypervolume;
  }

  /** Seconds of a usual evaluation; undefined before the first. */
  get usualSeconds(): number | undefined {
    return this.#rows.length > 0 ? median(this.#rows.map(({ seconds }) => seconds)) : undefined;
  }

  add({ done, point, reason, runs, failure, seconds }: Done): Row {
    const key = keyOf(point);
    const all = [...(this.#points.get(key)?.runs ?? []), ...(failure === undefined ? runs : [])];
    const evaluated =
      all.length > 0
        ? evaluatedFrom(
            point,
            all.map((run) => this.#problem.measuredFrom(run)),
          )
        : undefined;
    const archive = archiveOf([...this.#rivalsOf(key), ...(evaluated ? [evaluated] : [])]);
    this.#front = new Set(archive.map((one) => keyOf(one.point)));
    const { reference } = this.#problem;
    const row: Row = {
      evaluation: done + 1,
      reason,
      settings: this.#problem.settingsOf(point),
      metrics: all.length > 0 ? meansOf(all) : undefined,
      feasible: evaluated !== undefined && isFeasible(evaluated),
      hypervolume:
        reference &&
        hypervolume(
          archive.map(({ objectives }) => objectives),
          reference,
        ),
      failure,
      seconds,
    };
    this.#rows.push(row);
    if (evaluated) this.#points.set(key, { row, evaluated, runs: all });
    return row;
  }

  /** Points that may be on the front beside that of `key`: all, if that was on it and may leave it, else the front. */
  #rivalsOf(key: string): readonly Evaluated[] {
    const keys = this.#front.has(key) ? [...this.#points.keys()] : [...this.#front];
    return keys
      .filter((other) => other !== key)
      .flatMap((other) => this.#points.get(other)?.evaluated ?? []);
  }

  isOnFront(row: Row): boolean {
    return this.front.includes(row);
  }

  /** The infeasible point that misses its constraints by least, each as a share of the greatest miss; undefined without one. */
  get nearest(): NearMiss | undefined {
    const { constraints: names } = this.#problem.names;
    const missing = [...this.#points.values()].filter(({ evaluated }) => !isFeasible(evaluated));
    const violations = violationsOf(missing.map(({ evaluated }) => evaluated));
    const least = Math.min(...violations);
    const best = missing[violations.indexOf(least)];
    if (!best) return undefined;
    const misses = names
      .map((name, k) => ({ name, by: best.evaluated.constraints[k] as number }))
      .filter(({ by }) => by > 0);
    return { evaluation: best.row.evaluation, misses };
  }
}

function meansOf(runs: readonly Metrics[]): Metrics {
  return Object.fromEntries(
    Object.keys(runs[0] ?? {}).map((name) => [name, mean(runs.map((run) => run[name] as number))]),
  );
}
