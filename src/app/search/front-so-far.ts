// The front of the evaluations so far, and the hypervolume that it commands.
import { mean } from '../../engine/statistics.ts';
import { hypervolume, paretoFront } from '../../lab/search/front.ts';
import { objectivesOf, type Scale } from './costs.ts';
import type { Evaluated } from './journal.ts';
import type { ObjectiveName } from './settings.ts';

export interface Compared {
  readonly scale: Scale;
  /** What the front is sought in; absent = accuracy and all costs that are known. */
  readonly objectives?: readonly ObjectiveName[] | undefined;
}

export class FrontSoFar {
  readonly #compared: Compared;
  readonly #evaluations = new Map<number, readonly Evaluated[]>();
  /** Of feasible candidates. */
  readonly #objectives = new Map<number, readonly number[]>();
  #front: readonly number[] = [];
  #hypervolume = 0;

  constructor(compared: Compared) {
    this.#compared = compared;
  }

  /** Feasible candidates than which none is better in one objective and as good in all others. */
  get front(): readonly number[] {
    return this.#front;
  }

  /**
   * After this evaluation: what the front commands of all there could be, 0 to 1, from no accuracy at the costs of the scale to
   * all of it at none. Never less than before, unless an evaluation of a known candidate shows that it is worse.
   */
  add(evaluated: Evaluated): number {
    const { candidate, costs } = evaluated;
    const same = [...(this.#evaluations.get(candidate) ?? []), evaluated];
    this.#evaluations.set(candidate, same);
    const accuracy = accuracyOf(same);
    const { scale, objectives } = this.#compared;
    const isKnown = this.#objectives.delete(candidate);
    if (accuracy !== undefined) {
      this.#objectives.set(candidate, objectivesOf(accuracy, costs, scale, objectives));
    } else if (!isKnown) return this.#hypervolume;
    const candidates = [...this.#objectives.keys()];
    const all = [...this.#objectives.values()];
    const indices = paretoFront(all);
    const front = indices.map((index) => candidates[index] as number);
    const isSame = !isKnown && front.join() === this.#front.join();
    this.#front = front;
    if (isSame) return this.#hypervolume;
    const points = indices.map((index) => all[index] as readonly number[]);
    this.#hypervolume = hypervolume(points, points[0]?.map(() => 1) ?? []);
    return this.#hypervolume;
  }
}

/** Mean over all trainings of one candidate; undefined where any evaluation of it was infeasible. */
export function accuracyOf(same: readonly Evaluated[]): number | undefined {
  const accuracies = same.flatMap(({ accuracy }) => accuracy);
  const failed = same.some(({ failure }) => failure !== undefined);
  return failed || accuracies.length === 0 ? undefined : mean(accuracies);
}
