// The default detector: a generative optimisation network that works. Several discriminators, each over its own
// number of newest rows; each says how far a window lies from what it calls normal, by optimising in input space.
//
// Departs from Tuli et al. 2021, "Generative optimization networks for memory efficient data generation", and from
// its published code (a linear discriminator that collapses in training); for the training see lab/training/gon/.
// - The logit is ascended along its own gradient with backtracking: Adam's steps have the same size in every
//   coordinate and so erase the direction of the error.
// - A second path starts at the nearest remembered window and is drawn towards the observed one, because near an
//   anomaly D may be flat and the first path ends where it began.
// - Distances are read twice, over the newest row and over the recent ones: faults may be a spike or a shape.
// - Each channel's distance is measured against its own ordinary distances, on rows that training did not see.
// - Some members see windows without their level: load and season move it, and the shape stays.
// - One member is linear: load may grow along what normal windows show, where every remembered window is far away.
// - A high score is held and fades beside the newest one: faults come and go, and so do their marks.
import type { Detector, Score } from '../../core/detector.ts';
import { WeightsError } from '../../core/errors.ts';
import type { Window } from '../../core/window.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import type { DetectorPlugin } from '../detector-plugin.ts';
import { type GonDesign, longestOf, readDesign } from './gon/design.ts';
import { GonHistory } from './gon/history.ts';
import { GonRows } from './gon/rows.ts';
import { requireShape } from './window-shape.ts';

export const gon: DetectorPlugin = {
  kind: 'gon',
  summary: 'generative optimisation networks over several window lengths',
  load: (model, kernels) => new GonDetector(model, readDesign(model), kernels),
};

class GonDetector implements Detector {
  readonly kind = 'gon';
  readonly windowLength: number;
  readonly leastLength: number;
  readonly #model: Model;
  readonly #history: GonHistory;
  readonly #hold: GonDesign['hold'];

  constructor(model: Model, design: GonDesign, kernels: Kernels) {
    this.#model = model;
    this.windowLength = model.windowLength;
    this.leastLength = design.leastRows;
    this.#hold = design.hold;
    const rows = new GonRows(model, design, kernels);
    const needed = longestOf(design) + design.hold.rows - 1;
    if (needed !== model.windowLength) {
      throw new WeightsError(
        `model ${model.id} has windows of ${model.windowLength} rows, its design needs ${needed}: train it again`,
      );
    }
    const shape = { length: model.windowLength, width: model.channels.length };
    this.#history = new GonHistory(rows, design.hold.rows, shape);
  }

  score(window: Window): Score {
    requireShape(window, this.#model, this.leastLength);
    this.#history.update(window.values);
    const { newest } = this.#history;
    const held = this.#history.peak(this.#hold.halfLife);
    const weight = this.#hold.weight * held.share;
    const perChannel = new Float32Array(window.width);
    for (let c = 0; c < window.width; c += 1) {
      const past = weight * (held.score.perChannel[c] as number);
      perChannel[c] = (newest.perChannel[c] as number) + past;
    }
    return {
      value: newest.value + weight * held.score.value,
      perChannel,
      expected: new Float32Array(newest.expected),
    };
  }
}
