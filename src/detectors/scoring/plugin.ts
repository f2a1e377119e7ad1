// The base of all detectors that score by distances.
import type { Detector, Score } from '../../core/detector.ts';
import { WeightsError } from '../../core/errors.ts';
import type { Window } from '../../core/window.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import { type DetectorPlugin, readDesign, requireShape } from '../detector-plugin.ts';
import { type ScoringDesign, scoringDesign } from './design.ts';
import { RowHistory } from './history.ts';
import { longestOf, type ScoringPath } from './path.ts';
import { PathRows, type RowScore } from './rows.ts';

/** A model before its scores are calibrated. */
export type UnscaledModel = Pick<Model, 'id' | 'channels' | 'design' | 'tensors'>;

/** A kind of detector that scores by distances. */
export interface PathPlugin extends DetectorPlugin {
  /** Throws `WeightsError` if the model's design or tensors do not fit this kind. */
  paths(model: UnscaledModel, kernels: Kernels): readonly ScoringPath[];
}

export function pathPlugin(parts: Omit<PathPlugin, 'load' | 'logarithmic'>): PathPlugin {
  return {
    ...parts,
    logarithmic: true, // `standardise`
    load: (model, kernels) =>
      new PathDetector(model, readDesign(scoringDesign, model), parts.paths(model, kernels)),
  };
}

/**
 * A detector that scores by distances: measures them along its paths, scales them, adds them, and holds high scores. A held
 * score decays and is added to the newest one, because a fault may show only in some of its rows.
 */
export class PathDetector implements Detector {
  readonly kind: string;
  readonly windowLength: number;
  readonly leastLength: number;
  readonly #model: Model;
  readonly #history: RowHistory;
  readonly #hold: ScoringDesign['hold'];

  /** Throws `WeightsError` if windows, scales or yardsticks do not fit the paths. */
  constructor(model: Model, design: ScoringDesign, paths: readonly ScoringPath[]) {
    this.kind = model.kind;
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#hold = design.hold;
    const needed = longestOf(paths) + design.hold.rows - 1;
    if (needed !== model.windowLength) {
      throw new WeightsError(
        `model ${model.id} has windows of ${model.windowLength} rows, its design needs ${needed}: train it again`,
        { code: 'SEN_WGT_DESIGN' },
      );
    }
    const shape = { length: model.windowLength, width: model.channels.length };
    const rows = new PathRows(model, design, paths);
    this.leastLength = rows.leastRows;
    this.#history = new RowHistory(rows, design.hold.rows, shape);
  }

  score(window: Window): Score {
    requireShape(window, this.#model, this.leastLength);
    this.#history.update(window.values);
    const { newest } = this.#history;
    const held = this.#history.peak(this.#hold.halfLife);
    const weight = this.#hold.weight * held.share;
    const expected = new Float32Array(newest.expected);
    const alone = sumOf(newest, newest, this.#hold.weight, expected);
    return { ...sumOf(newest, held.score, weight, expected), newest: alone };
  }
}

/** Returns `one` plus `weight` times `other`. */
function sumOf(one: RowScore, other: RowScore, weight: number, expected: Float32Array): Score {
  // A loop: `from` takes ten times as long, twice in each row.
  const perChannel = new Float32Array(one.perChannel.length);
  for (let c = 0; c < perChannel.length; c += 1) {
    perChannel[c] = (one.perChannel[c] as number) + weight * (other.perChannel[c] as number);
  }
  return { value: one.value + weight * other.value, perChannel, expected };
}
