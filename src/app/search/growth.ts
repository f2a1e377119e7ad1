// GPTran on what a search has found: the chosen network grows and is pruned on its data, at what it costs on its device.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../../core/errors.ts';
import { lookUp, parseOptions } from '../../core/registry.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { relativesOn } from '../../lab/relatives.ts';
import { designKey } from '../../lab/search/design-space/design-id.ts';
import type { GrowthRig, GrowthTree } from '../../lab/search/gptran/contract.ts';
import { grow, startTree } from '../../lab/search/gptran/grow.ts';
import { type GrowthOptions, growthOptions } from '../../lab/search/gptran/options.ts';
import { readTree, treeText } from '../../lab/search/gptran/tree-text.ts';
import { trainers } from '../../lab/training/index.ts';
import type { DesignPoint } from '../../models/design-point.ts';
import { encoderMacs } from '../../models/encoder.ts';
import type { Model } from '../../models/model.ts';
import { weightsUnder } from '../../models/network-weights.ts';
import { type Relative, transferWeights } from '../../models/transfer/transfer-weights.ts';
import type { SearchDevice } from './devices.ts';
import type { SearchData } from './search-data.ts';
import type { SearchSettings } from './settings.ts';

const TREE_FILE = 'growth.json';
/** Kind of the detector, and prefix of the network's weights, alone and in an ensemble. */
const FORECASTER = 'forecaster';

export interface GrowthSetup {
  readonly settings: SearchSettings;
  readonly data: SearchData;
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
    return costsOf?.([network])[0]?.p50S ?? encoderMacs(point, network);
  };
}

/**
 * The tree lies in the folder from the start on, and one that is there is gone on with. Rejects with the signal's reason,
 * with `CalibrationError` where the start cannot be trained on, and with `ConfigError` where the tree that is there began
 * with another network or other options; of these, `asked` are those that somebody gave.
 */
export async function growChosen(
  folder: string,
  { design, model }: { readonly design: DesignPoint; readonly model: Model },
  asked: Readonly<Record<string, unknown>>,
  { settings, data, device, kernels, signal }: GrowthSetup,
  onRound: (tree: GrowthTree) => void,
): Promise<GrowthTree> {
  const { space, training, seed } = settings;
  const { rows, patch } = space;
  const shared = { ...training, rows, patch };
  const rig: GrowthRig = {
    train: relativesOn({ series: data.train, intervalMs: data.intervalMs }, shared, kernels),
    cost: costOn(device, space, data.train.channels.length),
    patches: rows / patch,
  };
  const path = join(folder, TREE_FILE);
  const start = { point: design, tensors: weightsUnder(FORECASTER, model.tensors) };
  const options = parseOptions(growthOptions, asked, 'gptran');
  const keep = (tree: GrowthTree): void => {
    // Under another name first: what is there is whole.
    writeFileSync(`${path}.part`, treeText(tree));
    renameSync(`${path}.part`, path);
  };
  if (!existsSync(path)) keep(await startTree(start, rig, options, { seed, signal }));
  const tree = readTree(readFileSync(path, 'utf8'), path);
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
  design: DesignPoint,
  { asked, options }: Readonly<Record<'asked', object>> & { readonly options: GrowthOptions },
  path: string,
): void {
  const [begun, chosen] = [tree.nodes[0]?.point ?? design, design].map(designKey);
  if (begun !== chosen) {
    throw new ConfigError(
      `${path} began with ${begun}, the search has chosen ${chosen}: remove it to begin anew`,
    );
  }
  const names = Object.keys(asked) as (keyof GrowthOptions)[];
  for (const name of names.filter((one) => !isDeepStrictEqual(tree.options[one], options[one]))) {
    const [was, is] = [tree.options[name], options[name]].map((value) => JSON.stringify(value));
    throw new ConfigError(
      `${path} began with ${name} ${was}, asked for is ${is}: leave it out to go on, or remove the file to begin anew`,
    );
  }
}

/** The detector of a network that is trained already: its training goes on, then scores are put on a scale. */
export async function detectorOf(
  network: Relative,
  { settings, data, kernels, signal }: GrowthSetup,
): Promise<Model> {
  const { space, training, finalSteps, seed } = settings;
  const { rows, patch } = space;
  const trainer = lookUp(trainers, FORECASTER, 'detector');
  const options = { ...training, point: network.point, rows, patch, steps: finalSteps };
  return await trainer.train(data.train, trainer.options.parse(options), {
    ...{ kernels, seed, signal, intervalMs: data.intervalMs, progress: () => undefined },
    begin: (weights) =>
      void transferWeights(network, { point: network.point, weights }, { mode: 'ordered', seed }),
  });
}
