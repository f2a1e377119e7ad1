// The default detector: a generative optimisation network (GON). It has several discriminators, each for a different
// number of newest rows. Each optimises the window in input space until it is normal; the distance is the score.
//
// Departs from Tuli et al. 2021, "Generative optimization networks for memory efficient data generation", and from
// its published code (a linear discriminator that collapses in training); see train.ts for the training.
// - The ascent follows the gradient of the logit with backtracking: Adam's steps have the same size in every coordinate,
//   so they lose the direction of the error.
// - A second path starts at the nearest remembered window, because D may be flat near an anomaly and the first path then
//   ends where it began. D may move it towards the observed window; by default it does not (lab/evaluation/NOTES.md), and
//   members with only this path have no discriminator.
// - There are two distances, one for the newest row and one for the recent rows: a fault may be a spike or a shape.
// - Each channel's distance is scaled by its normal distances, on rows that training did not use.
// - Two paths also contribute their magnitude, the unscaled distance as far as it exceeds all held-back rows: a channel
//   that is off by a thousand deviations scores higher than one that is off by fifty.
// - Some members use windows without their level: load and season change the level, but not the shape.
// - One member is linear: it covers a load that grows beyond all remembered windows along the usual directions.

import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { fromTensors } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { readDesign } from '../detector-plugin.ts';
import type { ScoringPath } from '../scoring/path.ts';
import { pathPlugin } from '../scoring/plugin.ts';
import {
  ascends,
  ascentOf,
  type GonDesign,
  gonDesign,
  longestMember,
  type MemberDesign,
  prefixOf,
  type Route,
  shapeOf,
} from './design.ts';
import { GonDistances, type Path } from './distances.ts';
import { LINEAR, LinearDistances, ROW_SPAN } from './linear.ts';
import { createMemory, type Memory, rememberedWindows } from './memory.ts';

export const gon = pathPlugin({
  kind: 'gon',
  summary: 'generative optimisation networks over several window lengths',
  paths: (model, kernels) => pathsOf(readDesign(gonDesign, model), model, kernels),
});

type GonModel = Pick<Model, 'channels' | 'tensors'>;

/** Throws `WeightsError` if the model lacks a tensor. */
export function pathsOf(
  design: GonDesign,
  model: GonModel,
  kernels: Kernels,
): readonly ScoringPath[] {
  const { linear, rowSpan, weighting, memberClip: clip } = design;
  const rows = longestMember(design);
  const shape = { windows: design.memory, rows, width: model.channels.length };
  const remembered = rememberedWindows(model.tensors, shape, design);
  const searching = design.members.filter(({ paths }) =>
    paths.some(({ route }) => route === 'mem'),
  );
  const memory = createMemory(remembered, shape, searching, kernels);
  const learned = design.members.flatMap((member) =>
    learnedPaths(member, design, model, memory, kernels),
  );
  const magnitudes = learned.reduce(
    (sum, { views, magnitudeWeight }) => sum + views * magnitudeWeight,
    rowSpan?.magnitude ?? 0,
  );
  const rest = 1 - magnitudes;
  const linearWeight = linear?.weight ?? 0;
  const shareOf = ({ distances }: Pick<ScoringPath, 'distances'>) =>
    weighting === 'length' ? distances.length : 1;
  const all = learned.reduce((sum, path) => sum + path.views * shareOf(path), 0);
  const paths: ScoringPath[] = learned.map((path) => ({
    ...path,
    weight: (rest * (1 - linearWeight) * shareOf(path)) / all,
  }));
  if (linear) {
    const distances = new LinearDistances(model, linear, kernels, { prefix: LINEAR, clip });
    const views = linear.halfLives.length;
    paths.push({ name: LINEAR, distances, views, weight: (rest * linearWeight) / views });
  }
  if (rowSpan) {
    const single = { length: 1, components: rowSpan.components, halfLives: [0] };
    const distances = new LinearDistances(model, single, kernels, { prefix: ROW_SPAN });
    const magnitudeWeight = rowSpan.magnitude;
    paths.push({ name: ROW_SPAN, distances, views: 1, weight: 0, magnitudeWeight });
  }
  return paths;
}

/** The paths of one member; they share its discriminator, if there is one. */
function learnedPaths(
  member: MemberDesign,
  design: GonDesign,
  { channels, tensors }: GonModel,
  memory: Memory,
  kernels: Kernels,
) {
  const width = channels.length;
  const { levelFree } = member;
  const { x, ascentAlong } = ascents(member, design, tensors, width, kernels);
  return member.paths.map(({ route, halfLives, magnitude = 0 }) => {
    const start = route === 'rec' ? atObserved : memory.nearestFor(member);
    const optimise = ascentAlong(route, start);
    const path = { levelFree, optimise, halfLives, clip: design.memberClip };
    const distances = new GonDistances(x, width, path);
    const views = halfLives.length;
    const name = `${prefixOf(member)}.${route}`;
    return { name, distances, views, magnitudeWeight: magnitude / views };
  });
}

/** The window of a member, and its ascents from a starting point. A member without ascent steps has no discriminator. */
function ascents(
  member: MemberDesign,
  design: GonDesign,
  tensors: GonModel['tensors'],
  width: number,
  kernels: Kernels,
) {
  const shape = shapeOf(member, design.slope, width);
  if (!ascends(member, design)) {
    return {
      x: new Float32Array(shape.inputs),
      ascentAlong: (_: Route, start: Path['optimise']) => start,
    };
  }
  const discriminator = kernels.discriminator(shape, 1);
  fromTensors(tensors, prefixOf(member), discriminator.weights);
  const { x, z } = discriminator;
  const ascentAlong = (route: Route, start: Path['optimise']): Path['optimise'] => {
    const ascent = ascentOf(route, design);
    if (ascent.steps === 0) return start;
    return () => {
      z.set(start(x));
      discriminator.ascend(1, ascent);
      return z;
    };
  };
  return { x, ascentAlong };
}

function atObserved(x: Float32Array): Float32Array {
  return x;
}
