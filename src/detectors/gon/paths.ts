// All paths of a GON, ready to be measured.
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { fromTensors } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import type { ScoringPath } from '../scoring/path.ts';
import {
  ascends,
  ascentOf,
  type GonDesign,
  longestMember,
  type MemberDesign,
  prefixOf,
  type Route,
  shapeOf,
} from './design.ts';
import { GonDistances } from './distances.ts';
import { LINEAR, LinearDistances, ROW_SPAN } from './linear.ts';
import { createMemory, type Memory } from './memory.ts';

type GonModel = Pick<Model, 'channels' | 'tensors'>;

/** Throws `WeightsError` when the model lacks a tensor. */
export function pathsOf(
  design: GonDesign,
  model: GonModel,
  kernels: Kernels,
): readonly ScoringPath[] {
  const { linear, rowSpan, weighting, memberClip: clip } = design;
  const rows = longestMember(design);
  const shape = { windows: design.memory, rows, width: model.channels.length };
  const memory = createMemory(model.tensors, shape, kernels);
  const learnt = design.members.flatMap((member) =>
    learntPaths(member, design, model, memory, kernels),
  );
  const magnitudes = learnt.reduce(
    (sum, { views, magnitudeWeight }) => sum + views * magnitudeWeight,
    rowSpan?.magnitude ?? 0,
  );
  const rest = 1 - magnitudes;
  const linearWeight = linear?.weight ?? 0;
  const due = ({ distances }: Pick<ScoringPath, 'distances'>) =>
    weighting === 'length' ? distances.length : 1;
  const all = learnt.reduce((sum, path) => sum + path.views * due(path), 0);
  const paths: ScoringPath[] = learnt.map((path) => ({
    ...path,
    weight: (rest * (1 - linearWeight) * due(path)) / all,
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

/** The paths of one member; they share its discriminator, if it has one. */
function learntPaths(
  member: MemberDesign,
  design: GonDesign,
  { channels, tensors }: GonModel,
  memory: Memory,
  kernels: Kernels,
) {
  const width = channels.length;
  const { levelFree } = member;
  const { buffers, ascentAlong } = ascents(member, design, tensors, width, kernels);
  const starts = { rec: startAtObserved, mem: memory.nearestFor(member) };
  return member.paths.map(({ route, halfLives, magnitude = 0 }) => {
    const [start, ascend] = [starts[route], ascentAlong(route)];
    const path = { levelFree, start, ascend, halfLives, clip: design.memberClip };
    const distances = new GonDistances(buffers, width, path);
    const views = halfLives.length;
    const name = `${prefixOf(member)}.${route}`;
    return { name, distances, views, magnitudeWeight: magnitude / views };
  });
}

/** The buffers of a member and how its discriminator moves z in them; a member that takes no step has buffers alone. */
function ascents(
  member: MemberDesign,
  design: GonDesign,
  tensors: GonModel['tensors'],
  width: number,
  kernels: Kernels,
) {
  const shape = shapeOf(member, design.slope, width);
  if (!ascends(member, design)) {
    const buffers = { x: new Float32Array(shape.inputs), z: new Float32Array(shape.inputs) };
    return { buffers, ascentAlong: () => undefined };
  }
  const discriminator = kernels.discriminator(shape, 1);
  fromTensors(tensors, prefixOf(member), discriminator.weights);
  const ascentAlong = (route: Route) => {
    const ascent = ascentOf(route, design);
    return ascent.steps > 0 ? () => discriminator.ascend(1, ascent) : undefined;
  };
  return { buffers: discriminator, ascentAlong };
}

function startAtObserved(x: Float32Array, z: Float32Array): void {
  z.set(x);
}
