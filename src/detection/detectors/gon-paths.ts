// The paths of optimisation that the members of a GON take, ready to be measured.
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { fromTensors } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import {
  ascentOf,
  type GonDesign,
  longestOf,
  type MemberDesign,
  prefixOf,
  shapeOf,
  type Yardstick,
} from './gon-design.ts';
import { GonDistances, type Path } from './gon-distances.ts';
import { createMemory, type Memory } from './gon-memory.ts';

/** The memory of a model; its windows are as long as the longest member. */
export function memoryOf(
  { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
  design: Pick<GonDesign, 'memory' | 'members'>,
  kernels: Kernels,
): Memory {
  const shape = { windows: design.memory, rows: longestOf(design), width: channels.length };
  return createMemory(tensors, shape, kernels);
}

export interface MemberPath {
  /** The prefix of the path's tensors. */
  readonly name: string;
  readonly distances: GonDistances;
  readonly scales: readonly Yardstick[];
}

/** The paths of one member; they share its discriminator. */
export function pathsOf(
  member: MemberDesign,
  design: GonDesign,
  model: Pick<Model, 'channels' | 'tensors'>,
  memory: Memory,
  kernels: Kernels,
): readonly MemberPath[] {
  const width = model.channels.length;
  const discriminator = kernels.discriminator(shapeOf(member, design.slope, width), 1);
  fromTensors(model.tensors, prefixOf(member), discriminator.weights);
  const starts = { rec: startAtObserved, mem: memory.nearestFor(member) };
  return member.paths.map(({ route, views }) => {
    const path: Path = {
      levelFree: member.levelFree,
      start: starts[route],
      ascent: ascentOf(route, design),
      halfLives: views.map(({ halfLife }) => halfLife),
    };
    return {
      name: `${prefixOf(member)}.${route}`,
      distances: new GonDistances(discriminator, width, path),
      scales: views.map(({ scale }) => scale),
    };
  });
}

function startAtObserved(x: Float32Array, z: Float32Array): void {
  z.set(x);
}
