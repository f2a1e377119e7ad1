// `sentigon gptran`: grows and prunes the network that a search has chosen.
import { join } from 'node:path';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { engineIdentity } from '../../lab/profiler/engine-identity.ts';
import { familyOfDesign } from '../../lab/search/families/index.ts';
import type { GrowthTree } from '../../lab/search/gptran/contract.ts';
import { growthOptionNames } from '../../lab/search/gptran/families.ts';
import { resultOf } from '../../lab/search/gptran/ways.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { readModel, writeModel } from '../models/model-folder.ts';
import { listenForStop } from '../process/stop.ts';
import { searchDevices } from '../search/devices.ts';
import { detectorOf, type GrowthSetup, growChosen } from '../search/growth.ts';
import { type GrowthVerdict, heldBack, verdictOn } from '../search/growth-verdict.ts';
import { readJournal } from '../search/journal.ts';
import { readSearchData, type SearchData } from '../search/search-data.ts';
import { readSearchResult } from '../search/search-result.ts';
import { version } from '../version.ts';
import { dataRoots } from './data-sets.ts';
import { settings as settingOption } from './options.ts';
import { createProgress } from './progress.ts';

const MODEL_FILE = 'grown.safetensors';

interface GptranOptions {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly json?: true;
}

const NOTES = `
Each round adds or removes heads and feed-forward layers of an encoder, vertices and channels of a cnn. Each network starts
with the weights of its parent and is trained for a short time. The result is a network that is better at no more cost, or
cheaper at no higher loss; if there is none, the command says so. The folder keeps all rounds: start the command again to
continue one that was stopped. The printed loss also chooses among the networks, so it is optimistic. The held-out events, or the newest fifth of
a recording without labels, give an unbiased figure. The model has the kind that the search made.

Example:
  $ sentigon gptran found --set rounds=8
  $ sentigon replay other-day.csv --model found/${MODEL_FILE}`;

export function gptranCommand(): Command {
  return new Command('gptran')
    .argument('<folder>', 'folder of a finished search')
    .option('--set <key=value>', `an option: ${growthOptionNames.join(', ')}`, settingOption)
    .option('--json', 'rounds and result as JSON lines')
    .addHelpText('after', NOTES)
    .action(gptran);
}

async function gptran(folder: string, options: GptranOptions): Promise<void> {
  const json = options.json === true;
  const stop = listenForStop();
  const progress = createProgress(json ? process.stdout : process.stderr, 'growing', json);
  try {
    const { design, device, file } = chosenOf(folder);
    const { setup, whole } = await setUp(folder, device, stop.signal);
    const model = await readModel(join(folder, file));
    const tree = await growChosen(folder, { design, model }, options.set ?? {}, setup, (grown) => {
      const line = roundText(grown);
      if (json) process.stdout.write(`${JSON.stringify(roundJson(grown))}\n`);
      else progress.say(line);
      progress.update(grown.rounds.length / grown.options.rounds, line);
    });
    progress.end();
    const { chosen, improved, reason } = resultOf(tree);
    const path = join(folder, MODEL_FILE);
    const { trained, point, cost } = chosen;
    const { control } = tree;
    if (!improved || !trained || !control) {
      process.stdout.write(json ? `${JSON.stringify({ improved, reason })}\n` : `${reason}\n`);
      return;
    }
    const network = { point, tensors: trained.tensors };
    const grown = await detectorOf(network, { ...setup, data: whole });
    await writeModel(path, grown);
    const start = { point: design, tensors: control.tensors };
    const verdict = await verdictOn({ start, grown: network, model: grown }, setup);
    const result = { improved, reason, model: path, design: point, cost, ...verdict };
    process.stdout.write(
      json
        ? `${JSON.stringify(result)}\n`
        : `${familyOfDesign(point).keyOf(point)}: ${reason}\n${verdictText(verdict)}${path}: ${grown.kind} model ${grown.id}\n`,
    );
  } finally {
    progress.end();
    stop.release();
  }
}

function chosenOf(folder: string) {
  const { chosen, model } = readSearchResult(folder);
  if (chosen && model) {
    const { design, device } = chosen;
    return { design, device, file: model.file };
  }
  throw new ConfigError(
    `the search in ${folder} has chosen no network that can grow: search again`,
    { code: 'SEN_CFG_SEARCH_GROWTH' },
  );
}

/** `whole` are the data with what is held back from the growth. */
async function setUp(
  folder: string,
  kind: string,
  signal: AbortSignal,
): Promise<{ readonly setup: GrowthSetup; readonly whole: SearchData }> {
  const { settings } = readJournal(folder).header;
  if (settings.accelerators) {
    throw new ConfigError(
      `the search in ${folder} is of accelerators, for which networks are not grown: name a search of devices`,
      { code: 'SEN_CFG_SEARCH_GROWTH' },
    );
  }
  const kernels = await loadEngine();
  const asked = settings.devices.filter((device) => device.kind === kind);
  const [device] = searchDevices(asked, folder, engineIdentity(kernels, version()));
  if (!device) throw new RangeError(`the search knows no device ${kind}`);
  const whole = await readSearchData(settings.data, dataRoots(settings.dataRoot));
  return { setup: { settings, device, kernels, signal, ...heldBack(whole) }, whole };
}

function roundJson({ rounds, nodes }: GrowthTree) {
  const round = rounds.at(-1);
  const children = round?.children.map((id) => {
    const { point, change, cost, trained } = nodes[id] as GrowthTree['nodes'][number];
    return { point, change, cost, loss: trained?.loss };
  });
  return { round: rounds.length, mode: round?.mode, outcome: round?.outcome, children };
}

function roundText({ rounds, nodes }: GrowthTree): string {
  const round = rounds.at(-1);
  const losses = round?.children.flatMap((id) => nodes[id]?.trained?.loss ?? []) ?? [];
  const best = losses.length > 0 ? `, lowest loss ${Math.min(...losses).toFixed(4)}` : '';
  return `round ${rounds.length} ${round?.mode}: ${round?.children.length} networks${best}, ${round?.outcome}`;
}

function verdictText(verdict: GrowthVerdict | undefined): string {
  if (!verdict) return '';
  const { measure, before, after } = verdict;
  return `${measure} ${after.toFixed(3)}, of the start trained as long ${before.toFixed(3)}\n`;
}
