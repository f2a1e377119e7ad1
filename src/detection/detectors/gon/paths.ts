// All paths of a GON, ready to be measured.
import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import { fromTensors } from '../../../models/discriminator.ts';
import type { Model } from '../../../models/model.ts';
import type { ScoringPath } from '../scoring/path.ts';
import {
  ascentOf,
  type GonDesign,
  longestMember,
  type MemberDesign,
  prefixOf,
  shapeOf,
} from './design.ts';
import { GonDistances } from './distances.ts';
import { LINEAR, LinearDistances } from './linear.ts';
import { createMemory, type Memory } from './memory.ts';

/** Throws `WeightsError` when the model lacks a tensor. */
export function pathsOf(
  design: GonDesign,
  model: Pick<Model, 'channels' | 'tensors'>,
  kernels: Kernels,
): readonly ScoringPath[] {
  const { linear } = design;
  const rows = longestMember(design);
  const shape = { windows: design.memory, rows, width: model.channels.length };
  const memory = createMemory(model.tensors, shape, kernels);
  const learnt = design.members.flatMap((member) =>
    learntPaths(member, design, model, memory, kernels),
  );
  const all = learnt.reduce((sum, { views }) => sum + views, 0);
  const weight = (1 - (linear?.weight ?? 0)) / all;
  const paths = learnt.map((path) => ({ ...path, weight }));
  if (!linear) return paths;
  const distances = new LinearDistances(model, linear, kernels);
  const views = linear.halfLives.length;
  return [...paths, { name: LINEAR, distances, views, weight: linear.weight / views }];
}

/** The paths of one member; they share its discriminator. */
function learntPaths(
  member: MemberDesign,
  design: GonDesign,
  { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
  memory: Memory,
  kernels: Kernels,
): readonly Omit<ScoringPath, 'weight'>[] {
  const width = channels.length;
  const discriminator = kernels.discriminator(shapeOf(member, design.slope, width), 1);
  fromTensors(tensors, prefixOf(member), discriminator.weights);
  const starts = { rec: startAtObserved, mem: memory.nearestFor(member) };
  const { levelFree } = member;
  return member.paths.map(({ route, halfLives }) => {
    const path = { levelFree, start: starts[route], ascent: ascentOf(route, design), halfLives };
    const distances = new GonDistances(discriminator, width, path);
    return { name: `${prefixOf(member)}.${route}`, distances, views: halfLives.length };
  });
}

function startAtObserved(x: Float32Array, z: Float32Array): void {
  z.set(x);
}
