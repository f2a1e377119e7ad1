// GPTran on the result of a search: grows and prunes the chosen network on its data, with its costs on its device.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { lookUp, parseOptions } from '../../core/registry.ts';
import type { Series } from '../../core/series.ts';
import { trainers } from '../../detectors/training/index.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { readWholeText } from '../../io/files/whole-file.ts';
import { writeWhole } from '../../io/files/written-file.ts';
import { anyRelativesOn, takeOver } from '../../lab/candidates/relatives.ts';
import { macsOf } from '../../lab/profiler/work.ts';
import { familyOfDesign, familyOfSpace } from '../../lab/search/families/index.ts';
import type { GrowthRig, GrowthTree } from '../../lab/search/gptran/contract.ts';
import { growthOf } from '../../lab/search/gptran/families.ts';
import { grow, startTree } from '../../lab/search/gptran/grow.ts';
import type { GrowthOptions } from '../../lab/search/gptran/options.ts';
import { readTree, treeText } from '../../lab/search/gptran/tree-text.ts';
import type { Model } from '../../models/model.ts';
import { familyOf, type NetworkDesign } from '../../models/network-family.ts';
import { weightsUnder } from '../../models/network-weights.ts';
import type { Relative } from '../../models/transfer/transfer-weights.ts';
import type { SearchDevice } from './devices.ts';
import type { SearchData } from './search-data.ts';
import type { SearchSettings } from './settings.ts';

const TREE_FILE = 'growth.json';

export interface GrowthSetup {
  readonly settings: SearchSettings;
  readonly data: SearchData;
  /** Rows after those of the data, that nothing is to learn from; then the start is trained anew, for it has seen them. */
  readonly unseen?: Series;
  readonly device: SearchDevice;
  readonly kernels: Kernels;
  readonly signal: AbortSignal;
}

/** The median latency where it is known, else multiplications. */
export function costOn(
  { costsOf }: SearchDevice,
  { rows, patch }: SearchSettings['space'],
  width: number,
): GrowthRig['cost'] {
  return (point) => {
    const network = { point, rows, patch, width, horizon: 1 };
    return costsOf?.([network])[0]?.p50S ?? macsOf(network);
  };
}

/**
 * Keeps the tree in the folder, and continues one that is there. Rejects with the signal's reason,
 * with `CalibrationError` where the start cannot be trained on, and with `ConfigError` where the tree that is there began
 * with another network or other options; of these, `asked` are those given on the command line.
 */
export async function growChosen(
  folder: string,
  { design, model }: { readonly design: NetworkDesign; readonly model: Model },
  asked: Readonly<Record<string, unknown>>,
  setup: GrowthSetup,
  onRound: (tree: GrowthTree) => void,
): Promise<GrowthTree> {
  const { settings, data, unseen, device, kernels, signal } = setup;
  const { space, seed } = settings;
  const { rows, patch } = space;
  const { train: series, intervalMs } = data;
  const { kind, detector } = familyOf(design);
  const own = networkOptions(settings, detector);
  const train = anyRelativesOn(kind, { series, intervalMs }, own, kernels);
  const family = growthOf(design);
  const rig: GrowthRig = {
    ...{ family, train },
    cost: costOn(device, space, data.train.channels.length),
    patches: rows / patch,
  };
  const path = join(folder, TREE_FILE);
  const begin = async () =>
    unseen
      ? await train({ point: design }, { seed, signal })
      : { point: design, tensors: weightsUnder(detector, model.tensors) };
  const options = parseOptions<GrowthOptions>(family.options, asked, 'gptran');
  const keep = (tree: GrowthTree): void => writeWhole(path, treeText(tree));
  if (!existsSync(path)) keep(await startTree(await begin(), rig, options, { seed, signal }));
  const tree = readTree(readWholeText(path), path);
  requireBegunSo(tree, design, { asked, options }, path);
  const grown = await grow(tree, rig, {
    signal,
    onRound(after) {
      keep(after);
      onRound(after);
    },
  });
  keep(grown);
  return grown;
}

function requireBegunSo(
  tree: GrowthTree,
  design: NetworkDesign,
  { asked, options }: Readonly<Record<'asked', object>> & { readonly options: GrowthOptions },
  path: string,
): void {
  const [begun, chosen] = [tree.nodes[0]?.point ?? design, design].map((point) =>
    familyOfDesign(point).keyOf(point),
  );
  if (begun !== chosen) {
    throw new ConfigError(
      `${path} began with ${begun}, but the search has chosen ${chosen}: remove the file to start again`,
      { code: 'SEN_CFG_SEARCH_GROWTH' },
    );
  }
  const names = Object.keys(asked) as (keyof GrowthOptions)[];
  for (const name of names.filter((one) => !isDeepStrictEqual(tree.options[one], options[one]))) {
    const [was, is] = [tree.options[name], options[name]].map((value) => JSON.stringify(value));
    throw new ConfigError(
      `${path} began with ${name} ${was}, but ${is} is given: leave it out to continue, or remove the file to start again`,
      { code: 'SEN_CFG_SEARCH_GROWTH' },
    );
  }
}

/**
 * Of the network, as the detector has them that the search makes. `alone` is the kind of the detector of such a network alone, and
 * the prefix of its weights and options in an ensemble.
 */
function networkOptions(
  { detector, training, space }: SearchSettings,
  alone: string,
): Readonly<Record<string, unknown>> {
  const own = { ...training, ...familyOfSpace(space).trainingOf(space) };
  if (detector === alone) return own;
  const whole = lookUp(trainers, detector, 'detector').options.parse({ [alone]: own });
  return z.looseObject({ [alone]: z.record(z.string(), z.unknown()) }).parse(whole)[
    alone
  ] as Readonly<Record<string, unknown>>; // of the schema above
}

/**
 * The detector that the search makes, of a network that is trained already: its training goes on, then scores are put on a
 * scale.
 */
export async function detectorOf(
  network: Relative<NetworkDesign>,
  {
    settings,
    data,
    kernels,
    signal,
  }: Pick<GrowthSetup, 'settings' | 'data' | 'kernels' | 'signal'>,
): Promise<Model> {
  const { detector, finalSteps, seed } = settings;
  const trainer = lookUp(trainers, detector, 'detector');
  const { detector: alone } = familyOf(network.point);
  const own = { ...networkOptions(settings, alone), point: network.point, steps: finalSteps };
  const options = detector === alone ? own : { [alone]: own };
  return await trainer.train(data.train, trainer.options.parse(options), {
    ...{ kernels, seed, signal, intervalMs: data.intervalMs, progress: () => undefined },
    begin: (weights) =>
      void takeOver({ ...network, mode: 'ordered', seed }, { point: network.point, weights }),
  });
}
