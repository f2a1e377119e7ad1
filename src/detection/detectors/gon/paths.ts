// All paths of a GON, ready to be measured.
import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import { fromTensors } from '../../../models/discriminator.ts';
import type { Model } from '../../../models/model.ts';
import {
  ascentOf,
  type GonDesign,
  longestOf,
  type MemberDesign,
  prefixOf,
  shapeOf,
} from './design.ts';
import { type Distances, GonDistances } from './distances.ts';
import { LINEAR, LinearDistances } from './linear.ts';
import { createMemory, type Memory } from './memory.ts';

export interface GonPath {
  /** The prefix of the path's tensors and the key of its scales. */
  readonly name: string;
  readonly distances: Distances;
  /** Number of views. */
  readonly views: number;
  /** How much each view counts; all of all paths add to 1. */
  readonly weight: number;
}

/** Throws `WeightsError` when the model lacks a tensor. */
export function pathsOf(
  design: Omit<GonDesign, 'scales'>,
  model: Pick<Model, 'channels' | 'tensors'>,
  kernels: Kernels,
): readonly GonPath[] {
  const { linear } = design;
  const rows = longestOf(design);
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
  design: Omit<GonDesign, 'scales'>,
  { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
  memory: Memory,
  kernels: Kernels,
): readonly Omit<GonPath, 'weight'>[] {
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
