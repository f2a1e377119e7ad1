// `sentigon search`: finds a network, and a device for it, within limits.
import { join } from 'node:path';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { holdFolder } from '../../io/store/folder-lock.ts';
import { engineIdentity } from '../../lab/profiler/engine-identity.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { listenForStop } from '../process/stop.ts';
import { completeSearch } from '../search/complete-search.ts';
import { readJournal, requireFresh } from '../search/journal.ts';
import { threadPool, workerPool } from '../search/pools.ts';
import { readSearchData, type SearchData } from '../search/search-data.ts';
import {
  type DevicePlan,
  type FolderTools,
  makeSearchFolder,
  planDevices,
  requireHere,
} from '../search/search-folder.ts';
import { EVALUATE, profileQueue } from '../search/search-job.ts';
import { spaceText } from '../search/search-text.ts';
import { resumeSearch, type SessionContext, startSearch } from '../search/session.ts';
import type { SearchSettings } from '../search/settings.ts';
import type { TakeContext } from '../search/take-point.ts';
import { version } from '../version.ts';
import { dataRoots } from './data-sets.ts';
import { requireFolderName } from './output-file.ts';
import { createProgress, type Progress } from './progress.ts';
import { type SearchOptions, withSearchOptions } from './search-options.ts';
import { jsonResult, reporter, resultText, taken } from './search-output.ts';
import { requireQuiet, settingsFrom } from './search-settings.ts';

const NOTES = `
Each network is trained and judged by VUS-PR: on labelled events or, in a recording without labels, on faults that
are planted in its newest part. The later half of the labelled events is used only to judge the chosen network.
Latency, energy, peak power and memory come from profiles (sentigon profile). For a device without a profile they are
modelled from a table of devices (an error of half is usual), or measured during the search with --measure. Without any
device, this machine is measured. Energy is known only if there was a meter.
The folder then holds a journal, result.json and model.safetensors, which run, replay and export can read.
With --accelerators each network is searched together with an accelerator, whose latency, energy and area are simulated;
accelerator.json lies beside the model then, for sentigon simulate.
With --objectives no network is chosen: the search seeks the front, the networks than which none is better in one
objective and as good in all others. --take trains one of them in full, measures it and writes its model file.

Examples:
  $ sentigon profile --out this.json
  $ sentigon search host-faults --profile this.json --max-latency-ms 2 --out found
  $ sentigon search host-faults --family cnn --accelerators accelbench --out pair
  $ sentigon search ASD/omi-2 --profile pi4.json,pi5.json --max-energy-mj 5 --budget 60 --out found
  $ sentigon search host-faults --accelerators small --max-area-mm2 8 --out codesign
  $ sentigon search --describe --space full
  $ sentigon search host-faults --profile this.json --objectives accuracy,latency,memory --out front
  $ sentigon search --resume front --take 7
  $ sentigon search --resume found
  $ sentigon report found`;

export function searchCommand(): Command {
  const command = new Command('search').argument(
    '[data]',
    'recording (.csv, .csv.gz), data set, or <data set>/<series>',
  );
  return withSearchOptions(command).addHelpText('after', NOTES).action(search);
}

/** Options that do not change the results of a search, except how long it runs. */
const RESUMABLE = ['resume', 'budget', 'workers', 'cache', 'json'];
/** Options beside which a point is taken. */
const TAKABLE = ['resume', 'take', 'workers', 'cache', 'json'];

/** Devices, before anything is known of them. */
const UNKNOWN: SearchSettings['devices'] = [{ kind: 'any', measured: true }];

/** A new search, or one that is resumed. */
interface Beginning {
  readonly folder: string;
  readonly settings: SearchSettings;
  readonly data: SearchData;
  readonly begin: (context: SessionContext) => ReturnType<typeof startSearch>;
}

async function search(
  name: string | undefined,
  options: SearchOptions,
  command: Command,
): Promise<void> {
  if (options.describe) {
    process.stdout.write(`${spaceText(settingsFrom(name ?? '', options, UNKNOWN))}\n`);
    return;
  }
  const { resume } = options;
  if (resume !== undefined) requireContinuable(name, resume, options, command);
  let release = resume === undefined ? undefined : holdFolder(resume);
  const stop = listenForStop();
  const json = options.json === true;
  const label = options.take === undefined ? 'searching' : 'training';
  const progress = createProgress(json ? process.stdout : process.stderr, label, json);
  try {
    const kernels = await loadEngine();
    const engine = engineIdentity(kernels, version());
    const warn = (line: string) => progress.say(line);
    const hold = (folder: string): void => {
      release = holdFolder(folder);
    };
    const tools = { kernels, engine, signal: stop.signal, warn, hold };
    const { folder, settings, data, begin } =
      resume === undefined ? await fresh(name, options, tools) : await resumed(resume, options);
    const pool = await poolFor(settings, options.workers, (line) => progress.say(line));
    try {
      const context = { ...{ folder, data, engine, pool, kernels }, signal: stop.signal };
      const cache = options.cache ?? join(folder, 'cache');
      const printed =
        options.take === undefined
          ? await found({ settings, begin }, { ...context, cache }, progress, json)
          : await taken(options.take, { ...context, cache }, progress, json);
      progress.end();
      process.stdout.write(printed);
    } finally {
      await pool.close();
    }
  } finally {
    progress.end();
    stop.release();
    release?.();
  }
}

/** Throws for what a resumed search cannot take, and as `readJournal` where there is none. */
function requireContinuable(
  name: string | undefined,
  folder: string,
  { take }: SearchOptions,
  command: Command,
): void {
  if (name !== undefined) {
    throw new ConfigError(`--resume ${folder} already knows its data: leave out '${name}'`, {
      code: 'SEN_CFG_OPTION',
    });
  }
  requireResumable(folder, command, take === undefined ? RESUMABLE : TAKABLE);
  readJournal(folder);
}

/** Searches, and returns what is printed in the end. Throws `ConfigError` where nothing is feasible. */
async function found(
  { settings, begin }: Pick<Beginning, 'settings' | 'begin'>,
  context: TakeContext,
  progress: Progress,
  json: boolean,
): Promise<string> {
  const session = await begin({ ...context, ...reporter(progress, settings, json) });
  progress.end();
  const { folder, data, kernels, signal } = context;
  const result = await completeSearch(session, { folder, data, kernels, signal });
  if (result.points.some(({ accuracy }) => accuracy !== undefined)) {
    return json ? jsonResult(result) : resultText(result, folder);
  }
  if (json) process.stdout.write(jsonResult(result));
  throw new ConfigError(`${result.reason}: raise a limit or the budget, or take another space`, {
    code: 'SEN_CFG_SEARCH_LIMITS',
  });
}

async function fresh(
  name: string | undefined,
  options: SearchOptions,
  tools: FolderTools & { hold(folder: string): void },
): Promise<Beginning> {
  const { out: folder, device, profile, measure = false } = options;
  if (folder !== undefined) requireFolderName('--out', folder);
  if (options.take !== undefined) {
    throw new ConfigError(
      `--take ${options.take} takes a point of a finished search: name its folder with --resume`,
      { code: 'SEN_CFG_OPTION' },
    );
  }
  if (name === undefined)
    throw new ConfigError('name the data to search on, or --resume a search', {
      code: 'SEN_CFG_OPTION',
    });
  if (folder === undefined)
    throw new ConfigError('name a folder for the search with --out', { code: 'SEN_CFG_OPTION' });
  const asked = { devices: device, profiles: profile, measure, workers: options.workers };
  const checked = settingsFrom(name, options, UNKNOWN);
  requireFresh(folder);
  const { accelerators } = options;
  const plan = accelerators === undefined ? planDevices(asked, tools) : pairsOn(accelerators);
  const { devices } = plan;
  requireQuiet(options, accelerators === undefined && devices.some(({ measured }) => measured));
  const data = await dataOf(checked);
  // Not before: a command that is refused leaves no folder behind.
  tools.hold(folder);
  if (accelerators === undefined) await makeSearchFolder(folder, plan, tools);
  const settings = settingsFrom(name, options, devices);
  const startedAt = new Date().toISOString();
  return { folder, settings, data, begin: (context) => startSearch(settings, startedAt, context) };
}

async function resumed(folder: string, options: SearchOptions): Promise<Beginning> {
  const content = readJournal(folder);
  const { settings } = content.header;
  const started = content.asked.length;
  // It may have been resumed with a larger budget than it began with.
  const budget = options.budget ?? Math.max(content.budget, started);
  if (budget < started) {
    throw new ConfigError(
      `${started} evaluations have already started, more than --budget ${budget}: set it to ${started} or more`,
      { code: 'SEN_CFG_OPTION' },
    );
  }
  const data = await dataOf(settings);
  return { folder, settings, data, begin: (context) => resumeSearch(content, budget, context) };
}

/** Stand for the devices of pairs. */
function pairsOn(accelerators: string): DevicePlan {
  const devices = [{ kind: `${accelerators} accelerators`, measured: true }];
  return { devices, profiles: [], isModelled: false };
}

function dataOf({ data, dataRoot }: SearchSettings): Promise<SearchData> {
  return readSearchData(data, dataRoots(dataRoot));
}

/** A resumed search keeps its settings. */
function requireResumable(folder: string, command: Command, allowed: readonly string[]): void {
  const strange = command.options.find((option) => {
    const name = option.attributeName();
    return command.getOptionValueSource(name) === 'cli' && !allowed.includes(name);
  });
  if (strange === undefined) return;
  throw new ConfigError(
    `--resume ${folder} continues with the settings that the search started with: leave out ${strange.long}, or start a new search`,
    { code: 'SEN_CFG_OPTION' },
  );
}

function poolFor(
  { devices, accelerators, parallel }: SearchSettings,
  workers: string | undefined,
  warn: (line: string) => void,
) {
  const measured = accelerators
    ? []
    : devices.flatMap(({ kind, measured: asked }) => (asked ? kind : []));
  requireHere(measured, workers);
  if (workers === undefined) return threadPool(parallel);
  return workerPool(workers, [EVALUATE, ...measured.map(profileQueue)], warn);
}
