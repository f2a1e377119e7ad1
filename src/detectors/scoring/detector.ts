// A detector whose scores are made of distances: measured along some paths, put on one scale, added and held.
// A high score is held and fades beside the newest one: faults come and go, and so do their marks.
import type { Detector, Score } from '../../core/detector.ts';
import { WeightsError } from '../../core/errors.ts';
import type { Window } from '../../core/window.ts';
import type { Model } from '../../models/model.ts';
import { requireShape } from '../window-shape.ts';
import type { ScoringDesign } from './design.ts';
import { RowHistory } from './history.ts';
import { longestOf, type ScoringPath } from './path.ts';
import { PathRows, type RowScore } from './rows.ts';

export class PathDetector implements Detector {
  readonly kind: string;
  readonly windowLength: number;
  readonly leastLength: number;
  readonly #model: Model;
  readonly #history: RowHistory;
  readonly #hold: ScoringDesign['hold'];

  /** Throws `WeightsError` when windows, scales or yardsticks do not fit the paths. */
  constructor(model: Model, design: ScoringDesign, paths: readonly ScoringPath[]) {
    this.kind = model.kind;
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#hold = design.hold;
    const needed = longestOf(paths) + design.hold.rows - 1;
    if (needed !== model.windowLength) {
      throw new WeightsError(
        `model ${model.id} has windows of ${model.windowLength} rows, its design needs ${needed}: train it again`,
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

/** `weight` times the second is added to the first. */
function sumOf(one: RowScore, other: RowScore, weight: number, expected: Float32Array): Score {
  const perChannel = Float32Array.from(
    one.perChannel,
    (share, c) => share + weight * (other.perChannel[c] as number),
  );
  return { value: one.value + weight * other.value, perChannel, expected };
}
