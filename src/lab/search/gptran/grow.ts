// GPTran: grows and prunes a network of any family block by block, in a tree with backtracking; each child is trained from its
// parent's weights. Tuli and Jha 2024, "EdgeTran".
//
// Departs from EdgeTran: cost counts beside the loss, as its text says and its code does not; the start is trained further
// before the growth and, as a control, afterwards, so that longer training alone makes no child better; backtracking may
// return to the best node too, and to the start with the mode that is next there, because restarting would end a growth
// before the first pruning; each improvement resets the patience; each layer keeps a head and a minimum width.
import { CalibrationError } from '../../../core/errors.ts';
import { createRandom } from '../../../engine/random.ts';
import type { NetworkDesign } from '../../../models/network-family.ts';
import type { Relative } from '../../../models/transfer/transfer-weights.ts';
import type {
  ChildTask,
  GrowthFamily,
  GrowthNode,
  GrowthRig,
  GrowthTree,
  Mode,
  Offspring,
  TrainedChild,
} from './contract.ts';
import { modeAfter } from './mode.ts';
import type { GrowthOptions } from './options.ts';
import { withRound } from './ways.ts';

/** Seeds of the trainings of one tree. */
const SEED_STRIDE = 1000;

/** Trains the start further, so that more training alone gains little. Throws `CalibrationError` if it diverges. */
export async function startTree(
  start: Relative<NetworkDesign>,
  rig: GrowthRig,
  options: GrowthOptions,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<GrowthTree> {
  const { point } = start;
  const task = furtherTask(rig.family, start, options.start.steps, options);
  const trained = await train(rig, task, { seed: seed * SEED_STRIDE, signal });
  const root = { id: 0, point, cost: rig.cost(point), trained };
  const next = { node: 0, mode: modeAfter(rig.family, undefined, options) };
  return { options, seed, nodes: [root], rounds: [], next };
}

export interface GrowthContext {
  readonly signal: AbortSignal;
  /** Called after each round with the tree, from which a growth can resume. */
  readonly onRound?: (tree: GrowthTree) => void;
}

/**
 * Runs rounds until the growth has ended; the same tree gives the same result, also after an interruption. Throws the
 * signal's reason once it is aborted.
 */
export async function grow(
  tree: GrowthTree,
  rig: GrowthRig,
  { signal, onRound }: GrowthContext,
): Promise<GrowthTree> {
  let grown = tree;
  while (grown.ended === undefined) {
    signal.throwIfAborted();
    grown = await nextRound(grown, rig, signal);
    onRound?.(grown);
  }
  return grown.control === undefined ? withControl(grown, rig, signal) : grown;
}

/** Trains the start for the greatest number of steps that any network of the tree got. */
async function withControl(
  tree: GrowthTree,
  rig: GrowthRig,
  signal: AbortSignal,
): Promise<GrowthTree> {
  const { nodes, options, seed } = tree;
  const before = trainedAt(tree, 0);
  const steps = Math.max(...nodes.map((node) => stepsBehind(tree, node)));
  if (steps === 0) return { ...tree, control: before };
  const task = furtherTask(rig.family, networkAt(tree, 0), steps, options);
  const after = await tryTraining(rig, task, seed * SEED_STRIDE, signal);
  return { ...tree, control: after && after.loss < before.loss ? after : before };
}

function stepsBehind(tree: GrowthTree, { mode, parent }: GrowthNode): number {
  if (mode === undefined || parent === undefined) return 0;
  return budgetAt(mode, tree.options).steps + stepsBehind(tree, tree.nodes[parent] as GrowthNode);
}

/** Further training of an unchanged network. */
function furtherTask(
  family: GrowthFamily,
  network: Relative<NetworkDesign>,
  steps: number,
  options: GrowthOptions,
): ChildTask {
  const { learningRate, start } = options;
  const mode = transferOf(options);
  const from = { ...network, lineage: family.unchanged(network.point), mode, seed: 0 };
  return {
    point: network.point,
    from,
    options: { steps, learningRate: start.rate * learningRate },
  };
}

async function nextRound(tree: GrowthTree, rig: GrowthRig, signal: AbortSignal) {
  const { options, seed, rounds, next } = tree;
  const parent = networkAt(tree, next.node);
  const offspring = modeNamed(next.mode, rig.family).offspring(parent, {
    options,
    random: createRandom(SEED_STRIDE * seed + rounds.length),
    patches: rig.patches,
    tried: changesOf(tree),
  });
  const children: GrowthNode[] = [];
  for (const one of offspring) {
    const id = tree.nodes.length + children.length;
    const from = { ...parent, lineage: one.lineage, mode: transferOf(options), seed: id };
    const task = { point: one.point, from, options: budgetOf(next.mode, options) };
    const trained = await tryTraining(rig, task, SEED_STRIDE * seed + id, signal);
    children.push(nodeOf(one, { id, parent: next.node, mode: next.mode }, rig, trained));
  }
  return withRound(tree, children, rig.family);
}

function networkAt(tree: GrowthTree, id: number): Relative<NetworkDesign> {
  const { point } = tree.nodes[id] as GrowthNode;
  return { point, tensors: trainedAt(tree, id).tensors };
}

function trainedAt({ nodes }: GrowthTree, id: number): TrainedChild {
  const trained = nodes[id]?.trained;
  if (!trained) throw new RangeError(`network ${id} is not trained`);
  return trained;
}

/** Changes that this round's mode has already tried with its parent. */
function changesOf({ nodes, next }: GrowthTree): ReadonlySet<string> {
  const before = nodes.filter(({ parent, mode }) => parent === next.node && mode === next.mode);
  return new Set(before.flatMap(({ change }) => change ?? []));
}

function budgetOf(mode: string, options: GrowthOptions): ChildTask['options'] {
  const { steps, rate } = budgetAt(mode, options);
  return { steps, learningRate: rate * options.learningRate };
}

function transferOf({ transfer = 'ordered' }: GrowthOptions) {
  return transfer;
}

function modeNamed(name: string, { kind, modes }: GrowthFamily): Mode {
  const mode = modes.get(name);
  if (!mode) throw new RangeError(`networks of ${kind} have no mode ${name}`);
  return mode;
}

function budgetAt(mode: string, { budgets }: GrowthOptions) {
  const budget = budgets[mode];
  if (!budget) throw new RangeError(`no budget is known for the mode ${mode}`);
  return budget;
}

/** Undefined if the child diverged. */
async function tryTraining(
  rig: GrowthRig,
  task: ChildTask,
  seed: number,
  signal: AbortSignal,
): Promise<TrainedChild | undefined> {
  try {
    return await train(rig, task, { seed, signal });
  } catch (error) {
    if (error instanceof CalibrationError) return undefined;
    throw error;
  }
}

/** Drops all fields that the tree does not store. */
async function train(
  rig: GrowthRig,
  task: ChildTask,
  context: Parameters<GrowthRig['train']>[1],
): Promise<TrainedChild> {
  const { tensors, loss, transferred } = await rig.train(task, context);
  return transferred ? { tensors, loss, transferred } : { tensors, loss };
}

function nodeOf(
  { point, change }: Offspring,
  place: Required<Pick<GrowthNode, 'id' | 'parent' | 'mode'>>,
  rig: GrowthRig,
  trained: TrainedChild | undefined,
): GrowthNode {
  const node = { ...place, point, change, cost: rig.cost(point) };
  return trained ? { ...node, trained } : node;
}
