// A search in words: a line for each evaluation as it comes, and what was found in the end.
import { join } from 'node:path';
import { lookUp } from '../../core/registry.ts';
import { mean } from '../../engine/statistics.ts';
import { familyOfDesign, familyOfSpace } from '../../lab/search/families/index.ts';
import { withoutStandby } from '../../lab/simulator/price.ts';
import { textTable } from '../text-table.ts';
import { type Costs, duration, objectiveText, short } from './costs.ts';
import type { HandMadePair } from './hand-made-pair.ts';
import type { LevelBegun } from './levelled-search.ts';
import { firstDesigns, levelsFor } from './library-window.ts';
import { bestFirst, type FoundPoint, numberOf } from './points.ts';
import type { ModelResult, SearchResult } from './search-result.ts';
import type { Told } from './session.ts';
import type { ObjectiveName, SearchSettings } from './settings.ts';

/** Over the lines of evaluations. */
export function tableHead({ objectives }: Pick<SearchSettings, 'objectives'>): string {
  const columns = objectives
    ? [...objectives.map((name) => name.padEnd(COLUMN)), 'hypervolume']
    : ['accuracy', 'latency  ', 'performance'];
  return ['   #', 'asked for  ', ...columns, 'network'].join('  ');
}

/** Wide enough for the names of objectives and their values. */
const COLUMN = 9;

/** Stands over the evaluations of a level. */
export function levelLine({ level, of, name, candidates }: LevelBegun): string {
  return `level ${level} of ${of}, ${name}: ${candidates.toLocaleString('en-GB')} candidates`;
}

/** `best` is the highest performance before it, or the hypervolume before it where a front is sought. */
export function toldLine(
  { number, proposal, choice, evaluated, values, hypervolume }: Told,
  best: number,
  { objectives }: Pick<SearchSettings, 'objectives'>,
): string {
  const { network, device } = choice;
  const name = `${familyOfDesign(network.point).keyOf(network.point)} on ${device.kind}`;
  const head = `${String(number + 1).padStart(4)}  ${proposal.reason.padEnd(11)}`;
  if (values.length === 0) return `${head}  infeasible: ${evaluated.failure}  ${name}`;
  const accuracy = mean(evaluated.accuracy);
  const { costs } = evaluated;
  const gained = objectives ? hypervolume : mean(values);
  const columns = objectives
    ? objectives.map((one) => objectiveText(one, accuracy, costs).padEnd(COLUMN))
    : [accuracy.toFixed(3).padEnd(8), duration(costs.p50S).padEnd(COLUMN)];
  const progress = `${gained.toFixed(4)}${gained > best ? ' *' : '  '}`.padEnd(11);
  return [head, ...columns, progress, name].join('  ');
}

/** Of networks on devices. */
const USUAL: readonly ObjectiveName[] = ['accuracy', 'latency', 'energy', 'memory'];

/** Of networks with accelerators, beside the accuracy. */
export const COSTS_OF_PAIRS = ['latency', 'energy', 'leakage', 'area'] as const;

/** What is shown of points where one number was sought. */
export function usualOf(points: readonly FoundPoint[]): readonly ObjectiveName[] {
  return areSimulated(points) ? ['accuracy', ...COSTS_OF_PAIRS] : USUAL;
}

function areSimulated(points: readonly FoundPoint[]): boolean {
  return points.some(({ costs }) => costs.simulated);
}

/** The front, best first, each with the number that takes it, and the choice. */
export function foundText({
  points,
  chosen,
  reason,
  hypervolume,
  objectives,
}: Omit<SearchResult, 'history' | 'calibration' | 'format'>): string {
  const front = bestFirst(points.filter(({ onFront }) => onFront));
  const simulated = areSimulated(front);
  const shown = objectives ?? usualOf(front);
  const row = (point: FoundPoint): string =>
    [
      point.candidate === chosen?.candidate ? '>' : ' ',
      String(numberOf(point)).padStart(4),
      ...shown.map((one) => objectiveText(one, point.accuracy, point.costs).padEnd(COLUMN)),
      ...(objectives ? [] : [(point.performance ?? 0).toFixed(4).padEnd(11)]),
      `${point.name} on ${point.device}`,
    ].join('  ');
  const heads = [
    ...shown.map((name) => name.padEnd(COLUMN)),
    ...(objectives ? [] : ['performance']),
  ];
  const modelled = front.some(({ costs }) => costs.modelled?.length);
  return [
    `${front.length} of ${points.length} points are on the front of ${objectives?.join(', ') ?? 'accuracy and costs'}, hypervolume ${short(hypervolume)}:`,
    ['      #', ...heads, 'network'].join('  '),
    ...front.map(row),
    ...(modelled ? ['~ is modelled, not measured'] : []),
    ...(simulated ? [simulatedText(front)] : []),
    '',
    chosen ? `chosen: ${chosen.name} on ${chosen.device}: ${reason}` : reason,
  ].join('\n');
}

function simulatedText([first]: readonly FoundPoint[]): string {
  const epoch = first?.costs.epoch;
  const of =
    epoch === undefined
      ? ''
      : `, time and energy of an epoch of ${grouped(epoch)} windows of training`;
  return `every cost is simulated${of}; energy without leakage`;
}

/** Figures of the model that was chosen, and the next command. */
export function modelText({ model, chosen, points }: SearchResult, folder: string): string {
  const front = bestFirst(points.filter(({ onFront }) => onFront));
  const [best] = front as readonly [FoundPoint]; // a search that finds nothing feasible fails before
  const take = `sentigon search --resume ${folder} --take ${numberOf(best)}`;
  if (!model || !chosen) {
    return `Next: ${take} for a model of that point, or sentigon report ${folder}`;
  }
  return figuresText(model, chosen, folder);
}

/** Figures of a model, and what to do with it. */
export function figuresText(model: ModelResult, point: FoundPoint, folder: string): string {
  const { costs, design } = point;
  const { measured, simulated, latencyError, heldOutVusPr, handMadeVusPr, load, slowdown } = model;
  const { leavesOut } = model;
  const path = join(folder, model.file);
  const lines = [`${path}: ${model.kind} model ${model.id}`];
  if (measured && latencyError !== undefined) {
    lines.push(
      `latency ${duration(measured.p50S)} measured, ${duration(costs.p50S)} predicted: ${(100 * latencyError).toFixed(1)} % off${load === undefined ? '' : `, at a load of ${load}`}`,
    );
    if (slowdown !== undefined) {
      lines.push(
        `a network of the profile takes ${short(slowdown)} times what it took when profiled`,
      );
    }
  }
  if (simulated) {
    const [latency, energy, leakage] = (['latency', 'energy', 'leakage'] as const).map((one) =>
      objectiveText(one, undefined, simulated),
    );
    lines.push(
      `simulated with the zeros that it has: latency ${latency}, energy ${energy}, leakage ${leakage}`,
    );
  }
  if (leavesOut !== undefined) lines.push(`leakage is ${withoutStandby(leavesOut)}`);
  if (heldOutVusPr !== undefined) {
    lines.push(
      `VUS-PR on the held-out events ${heldOutVusPr.toFixed(3)}, of the hand-made ${familyOfDesign(design).kind} ${handMadeVusPr?.toFixed(3)}`,
    );
  }
  if (model.handMadePair) lines.push('', pairsText(model, model.handMadePair, point), '');
  const accelerator = join(folder, model.file.replace('model', 'accelerator')).replace(
    /safetensors$/,
    'json',
  );
  const simulate = `sentigon simulate ${path} --accelerator ${accelerator}, `;
  return [
    ...lines,
    `Next: ${costs.simulated ? simulate : ''}sentigon replay <csv> --model ${path}, or sentigon report ${folder}`,
  ].join('\n');
}

/** The pair that was found beside the hand-made network on the accelerator that suits it best. */
function pairsText(
  { heldOutVusPr, handMadeVusPr }: ModelResult,
  hand: HandMadePair,
  { costs, device, name, design }: FoundPoint,
): string {
  const row = (what: string, vusPr: number | undefined, of: Costs, where: string) => [
    ...[what, vusPr?.toFixed(3) ?? '-'],
    ...COSTS_OF_PAIRS.map((one) => objectiveText(one, undefined, of)),
    where,
  ];
  return textTable(
    [
      ['', 'VUS-PR', ...COSTS_OF_PAIRS, ''],
      row('found', heldOutVusPr, costs, `${name} on ${device}`),
      row(
        'hand-made',
        handMadeVusPr,
        hand.costs,
        `the ${familyOfDesign(design).kind} on ${hand.device}, the best of ${grouped(hand.of)} for it`,
      ),
    ],
    () => false,
  );
}

/** Of every family, the embedding whose error is told. */
const LEARNED = 'learned';

/** The stress is that of the first designs, undefined where all of them are landmarks. Throws `ConfigError` for an empty space. */
export function spaceText(
  settings: Pick<SearchSettings, 'space' | 'library' | 'levelled' | 'seed' | 'embedding'>,
): string {
  const { space, seed } = settings;
  const levels = levelsFor(settings);
  const designs = firstDesigns(settings, levels.length);
  const { embeddings, heldOutStress, sizeOf, describe } = familyOfSpace(space);
  const embedding = lookUp(embeddings, settings.embedding, 'embedding');
  const { width } = embedding.embed(designs, levels[0].space);
  const stress = embedding.kind === LEARNED ? heldOutStress(designs, seed) : undefined;
  const lines: readonly (readonly [string, string])[] = [
    ['at first', `${grouped(designs.length)} designs`],
    ...levels
      .slice(levels.length > 1 ? 0 : 1)
      .map(
        ({ name, space: of }, i) =>
          [`level ${i + 1}`, `${name}, of ${grouped(sizeOf(of))}`] as const,
      ),
    ['embedding', `${embedding.kind}, ${width} coordinates`],
    ...(stress === undefined
      ? []
      : [['stress', `${short(stress)} of distances between designs held out; 0 is none`] as const]),
  ];
  const told = lines.map(([name, value]) => `${name.padEnd(14)}${value}`);
  return [describe(space), ...told].join('\n');
}

export function grouped(count: number | bigint): string {
  return count.toLocaleString('en-GB');
}
