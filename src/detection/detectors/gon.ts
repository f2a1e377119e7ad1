// The default detector: a generative optimisation network that works. Several discriminators, each over its own
// number of newest rows; each says how far a window lies from what it calls normal, by optimising in input space.
//
// Departs from Tuli et al. 2021, "Generative optimization networks for memory efficient data generation", and from
// its published code (a linear discriminator that collapses in training): see lab/training/gon.ts for the training.
// Scoring: the logit is ascended by its own gradient with backtracking, because Adam's steps have the same size in
// every coordinate and so erase the direction of the error; all rows of a window count, not the newest alone; a
// second distance starts at the nearest remembered window, because from x itself D may be flat; distances of all
// members are put on one scale by the held-back tail of the training data and added.
import type { Detector, Score } from '../../core/detector.ts';
import type { Window } from '../../core/window.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import type { DetectorPlugin } from '../detector-plugin.ts';
import {
  type GonDesign,
  type MemberDesign,
  readDesign,
  standardise,
  type Yardstick,
} from './gon-design.ts';
import { type Distance, GonMember } from './gon-member.ts';
import { requireShape } from './window-shape.ts';

export const gon: DetectorPlugin = {
  kind: 'gon',
  summary: 'generative optimisation networks over several window lengths',
  load: (model, kernels) => new GonDetector(model, readDesign(model), kernels),
};

class GonDetector implements Detector {
  readonly kind = 'gon';
  readonly windowLength: number;
  readonly #model: Model;
  readonly #members: readonly { readonly design: MemberDesign; readonly member: GonMember }[];

  constructor(model: Model, design: GonDesign, kernels: Kernels) {
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#members = design.members.map((member) => ({
      design: member,
      member: new GonMember(model, design, member, kernels),
    }));
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const perChannel = new Float32Array(window.width);
    const expected = new Float32Array(window.width);
    let value = 0;
    for (const { design, member } of this.#members) {
      member.measure(window.values);
      value += add(member.rec, design.rec, perChannel);
      value += add(member.mem, design.mem, perChannel);
      for (let c = 0; c < window.width; c += 1) {
        const share = (member.rec.expected[c] as number) / this.#members.length;
        expected[c] = (expected[c] as number) + share;
      }
    }
    return { value, perChannel, expected };
  }
}

/** Adds a distance, on its own scale, to the channels in proportion to their parts. Returns what was added. */
function add(distance: Distance, yardstick: Yardstick, perChannel: Float32Array): number {
  const value = standardise(distance.value, yardstick);
  if (value === 0) return 0;
  const factor = value / distance.value;
  for (let c = 0; c < perChannel.length; c += 1) {
    perChannel[c] = (perChannel[c] as number) + (distance.perChannel[c] as number) * factor;
  }
  return value;
}
