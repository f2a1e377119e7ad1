// A search in words: a line for each evaluation as it comes, and what was found in the end.
import { join } from 'node:path';
import { lookUp } from '../../core/registry.ts';
import { mean } from '../../engine/statistics.ts';
import { describeSpace } from '../../lab/search/design-space/describe.ts';
import { designKey } from '../../lab/search/design-space/design-key.ts';
import { embeddings, heldOutStress, learned } from '../../lab/search/design-space/embeddings.ts';
import { sizeOf } from '../../lab/search/design-space/enumerate.ts';
import { duration, short } from './costs.ts';
import type { LevelBegun } from './levelled-search.ts';
import { firstDesigns, levelsFor } from './library-window.ts';
import type { Found, FoundPoint } from './points.ts';
import type { SearchResult } from './search-result.ts';
import type { Told } from './session.ts';
import type { SearchSettings } from './settings.ts';

export const TABLE_HEAD = `${'#'.padStart(4)}  ${'asked for'.padEnd(11)}  accuracy  latency    performance  network`;

/** Stands over the evaluations of a level. */
export function levelLine({ level, of, name, candidates }: LevelBegun): string {
  return `level ${level} of ${of}, ${name}: ${candidates.toLocaleString('en-GB')} candidates`;
}

/** `best` is the highest performance before it. */
export function toldLine(
  { number, proposal, choice, evaluated, performances }: Told,
  best: number,
): string {
  const { network, device } = choice;
  const name = `${designKey(network.point)} on ${device.kind}`;
  const head = `${String(number + 1).padStart(4)}  ${proposal.reason.padEnd(11)}`;
  if (performances.length === 0) return `${head}  infeasible: ${evaluated.failure}  ${name}`;
  const performance = mean(performances);
  const mark = performance > best ? ' *' : '  ';
  return [
    head,
    mean(evaluated.accuracy).toFixed(3).padEnd(8),
    duration(evaluated.costs.p50S).padEnd(9),
    `${performance.toFixed(4)}${mark}`.padEnd(11),
    name,
  ].join('  ');
}

/** The front, best performance first, and the choice. */
export function foundText({ points, chosen, reason, hypervolume }: Found): string {
  const front = points
    .filter(({ onFront }) => onFront)
    .sort((a, b) => (b.performance ?? 0) - (a.performance ?? 0));
  const lines = front.map((point) => pointLine(point, point === chosen));
  return [
    `${front.length} of ${points.length} points are on the front of accuracy and costs, hypervolume ${short(hypervolume)}:`,
    '   accuracy  latency    energy     memory     performance  network',
    ...lines,
    ...(front.some(({ costs }) => costs.modelled?.length) ? ['~ is modelled, not measured'] : []),
    '',
    chosen ? `chosen: ${chosen.name} on ${chosen.device}: ${reason}` : reason,
  ].join('\n');
}

function pointLine(
  { accuracy = 0, performance = 0, costs, name, device }: FoundPoint,
  isChosen: boolean,
): string {
  const { p50S, energyJ, memoryBytes, modelled = [] } = costs;
  const about = (what: string) => (modelled.includes(what) ? '~' : '');
  const energy = energyJ === undefined ? '-' : `${about('energy')}${short(energyJ * 1000)} mJ`;
  return [
    isChosen ? ' >' : '  ',
    accuracy.toFixed(3).padEnd(9),
    `${about('latency')}${duration(p50S)}`.padEnd(10),
    energy.padEnd(10),
    `${short(memoryBytes / 1024)} KB`.padEnd(10),
    performance.toFixed(4).padEnd(12),
    `${name} on ${device}`,
  ].join(' ');
}

/** Figures of the model, and the next command. */
export function modelText({ model, chosen }: SearchResult, folder: string): string {
  if (!model || !chosen) return 'Next: raise a limit or the budget, or choose another space.';
  const { measured, latencyError, heldOutVusPr, handMadeVusPr, load, slowdown } = model;
  const path = join(folder, model.file);
  const lines = [`${path}: ${model.kind} model ${model.id}`];
  if (measured && latencyError !== undefined) {
    lines.push(
      `latency ${duration(measured.p50S)} measured, ${duration(chosen.costs.p50S)} predicted: ${(100 * latencyError).toFixed(1)} % off${load === undefined ? '' : `, at a load of ${load}`}`,
    );
    if (slowdown !== undefined) {
      lines.push(
        `a network of the profile takes ${short(slowdown)} times what it took when profiled`,
      );
    }
  }
  if (heldOutVusPr !== undefined) {
    lines.push(
      `VUS-PR on the held-out events ${heldOutVusPr.toFixed(3)}, of the hand-made encoder ${handMadeVusPr?.toFixed(3)}`,
    );
  }
  return [
    ...lines,
    `Next: sentigon replay <csv> --model ${path}, or sentigon report ${folder}`,
  ].join('\n');
}

/** The stress is that of the first designs, undefined where all of them are landmarks. Throws `ConfigError` for an empty space. */
export function spaceText(
  settings: Pick<SearchSettings, 'space' | 'library' | 'levelled' | 'seed' | 'embedding'>,
): string {
  const { space, seed } = settings;
  const levels = levelsFor(settings);
  const designs = firstDesigns(settings, levels.length);
  const embedding = lookUp(embeddings, settings.embedding, 'embedding');
  const { width } = embedding.embed(designs, levels[0].space);
  const stress = embedding.kind === learned.kind ? heldOutStress(designs, seed) : undefined;
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
  return [describeSpace(space), ...told].join('\n');
}

function grouped(count: number | bigint): string {
  return count.toLocaleString('en-GB');
}
