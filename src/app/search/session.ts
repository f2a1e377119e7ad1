// A search from its settings to its result. With its journal it continues after a stop or kill as if without one.
import { setImmediate } from 'node:timers/promises';
import { ConfigError, SourceError } from '../../core/errors.ts';
import { TRAINER_VERSION } from '../../detectors/training/training-card.ts';
import { extent, mean } from '../../engine/statistics.ts';
import type { Pool } from '../../lab/jobs/pool.ts';
import type { EngineIdentity } from '../../lab/profiler/engine-identity.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import { macsOf } from '../../lab/profiler/work.ts';
import type { Outcome, Proposal, Search } from '../../lab/search/contract.ts';
import { askAndTell, type Turn } from './ask-and-tell.ts';
import { codesignWindow } from './codesign.ts';
import {
  type Costs,
  constraintsOf,
  objectivesOf,
  requireKnown,
  type Scale,
  scaleOf,
} from './costs.ts';
import { type SearchDevice, searchDevices } from './devices.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import { profilesKey } from './files.ts';
import { FrontSoFar } from './front-so-far.ts';
import {
  continueJournal,
  type Evaluated,
  type Journal,
  type JournalContent,
  type JournalHeader,
  requireFresh,
  startJournal,
} from './journal.ts';
import { type LevelBegun, levelledSearch } from './levelled-search.ts';
import type { Choice, Library } from './library.ts';
import { type LibraryWindow, libraryWindowOf } from './library-window.ts';
import { valuesOf } from './points.ts';
import type { SearchData } from './search-data.ts';
import { sharedData } from './search-job.ts';
import type { SearchSettings } from './settings.ts';
import { isCodesign, simulatedScale, withEpoch } from './simulated-costs.ts';

export interface SessionContext {
  /** Of the journal, and of profiles that the settings name. */
  readonly folder: string;
  readonly data: SearchData;
  readonly engine: EngineIdentity;
  readonly pool: Pool;
  /** Folder of what was evaluated before, on this machine. */
  readonly cache?: string | undefined;
  readonly signal: AbortSignal;
  /** In the order of the proposals, those of the journal included. */
  readonly onTold?: (told: Told) => void;
  /** As each level begins, where there are several. */
  readonly onLevel?: (level: LevelBegun) => void;
  /** Share of the budget that is evaluated, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

export interface Told {
  readonly number: number;
  readonly proposal: Proposal;
  readonly choice: Choice;
  readonly evaluated: Evaluated;
  /** What the method was told, see `valuesOf`. */
  readonly values: readonly number[];
  /** Of the front so far. */
  readonly hypervolume: number;
}

export interface SearchSession {
  readonly header: JournalHeader;
  readonly library: Library;
  /** In the order of the proposals. */
  readonly history: readonly Told[];
  /** Costs of a network on a device, measured now. */
  measure(device: string, network: ProfiledNetwork, signal: AbortSignal): Promise<Costs>;
}

/** Throws `ConfigError` for settings that cannot be; rejects with the signal's reason, and then a resume goes on. */
export async function startSearch(
  given: SearchSettings,
  startedAt: string,
  context: SessionContext,
): Promise<SearchSession> {
  const { folder, engine, data } = context;
  const settings = withEpoch(given, data.train.timeMs.length);
  requireFresh(folder);
  const setup = setUp(settings, startedAt, context);
  const scale =
    setup.libraryWindow.library.scale ?? (await measuredScale(setup, settings, context.signal));
  const key = sharedData(data.candidates).key;
  const profiles = profilesKey(folder, settings.devices);
  const header = { startedAt, engine, data: key, profiles, scale, settings };
  const journal = startJournal(folder, header);
  return await run(journal.header, journal, new Map(), setup, context);
}

/**
 * Goes on where the journal ends, with the result that there would have been without a stop. A larger `budget` than before
 * may be given. Throws `ConfigError` for another engine, `SourceError` for data that have changed.
 */
export async function resumeSearch(
  { header, budget: before, asked, done }: JournalContent,
  budget: number,
  context: SessionContext,
): Promise<SearchSession> {
  requireSame(header, context);
  const settings = { ...header.settings, budget };
  // With the budget that it began with, which says where its levels end: the last one is given the rest.
  const setup = setUp(header.settings, header.startedAt, context);
  const known = new Map(asked.map((one) => [one.asked, { ...one, result: done.get(one.asked) }]));
  const journal = continueJournal(context.folder, before, budget);
  return await run({ ...header, settings }, journal, known, setup, context);
}

/** Throws `ConfigError` for another engine, `SourceError` for data or profiles that have changed. */
export function requireSame(
  header: JournalHeader,
  { folder, engine, data }: Pick<SessionContext, 'folder' | 'engine' | 'data'>,
): void {
  requireSameEngine(header.engine, engine);
  const { devices } = header.settings;
  if (header.profiles !== undefined && header.profiles !== profilesKey(folder, devices)) {
    throw changed(
      `the profiles in ${folder} are not those that the search began with: bring them back`,
    );
  }
  if (sharedData(data.candidates).key === header.data) return;
  throw changed(
    `${header.settings.data} is not what the search in ${folder} began with: bring it back`,
  );
}

function changed(what: string): SourceError {
  return new SourceError(`${what}, or start a new search`, { code: 'SEN_SRC_SEARCH_CHANGED' });
}

interface Setup {
  readonly libraryWindow: LibraryWindow;
  readonly devices: readonly SearchDevice[];
  readonly search: Search;
  readonly evaluator: Evaluator;
}

/** A proposal of the journal; `result` where it was evaluated. */
interface Known {
  readonly candidate: number;
  readonly result: Evaluated | undefined;
}

function setUp(settings: SearchSettings, startedAt: string, context: SessionContext): Setup {
  const { folder, engine, data, onLevel } = context;
  const width = data.train.channels.length;
  const pairs = isCodesign(settings);
  const devices = pairs ? [] : searchDevices(settings.devices, folder, engine);
  const libraryWindow = pairs
    ? codesignWindow(settings, width)
    : libraryWindowOf({ settings, devices, width });
  const search = levelledSearch(libraryWindow, settings, onLevel);
  const evaluator = evaluatorFor(settings, startedAt, context);
  return { libraryWindow, devices, search, evaluator };
}

export function evaluatorFor(
  settings: SearchSettings,
  startedAt: string,
  { engine, data, pool, cache }: Pick<SessionContext, 'engine' | 'data' | 'pool' | 'cache'>,
): Evaluator {
  const { version, kernels, build } = engine;
  const edition = [version, kernels, build, TRAINER_VERSION].join(' ');
  const shared = sharedData(data.candidates);
  return createEvaluator({ settings, pool, shared, edition, startedAt, cache });
}

/**
 * Of accelerators, from random pairs; else by the network with the most multiplications, which hardly any other outlasts.
 * Throws `ConfigError` where a limit is on what cannot be measured on a device.
 */
async function measuredScale(
  { libraryWindow: { library }, devices, evaluator }: Setup,
  settings: SearchSettings,
  signal: AbortSignal,
): Promise<Scale> {
  if (isCodesign(settings)) {
    return await simulatedScale(library, settings, async () => {
      await setImmediate();
      signal.throwIfAborted();
    });
  }
  const macs = library.choices.map(({ network }) => macsOf(network));
  const heaviest = library.choices[macs.indexOf(extent(macs)[1])] as Choice;
  const costs: Costs[] = [];
  for (const { kind } of devices) {
    const measured = await evaluator.measure(kind, heaviest.network, signal);
    requireKnown(kind, measured, settings);
    costs.push(measured);
  }
  return scaleOf(costs);
}

async function run(
  header: JournalHeader,
  journal: Journal,
  known: ReadonlyMap<number, Known>,
  { libraryWindow, search, evaluator }: Setup,
  { folder, signal, onTold, onProgress }: SessionContext,
): Promise<SearchSession> {
  const { settings, scale } = header;
  const { budget, parallel, weights, objectives } = settings;
  const front = new FrontSoFar({ scale, objectives });
  const history: Told[] = [];
  const repetitions = new Map<number, number>();
  const fractions = new Map<number, number>();
  const progress = (number: number, fraction: number): void => {
    fractions.set(number, fraction);
    onProgress?.([...fractions.values()].reduce((sum, one) => sum + one, 0) / budget);
  };

  async function evaluate(number: number, { candidate, reason }: Proposal, ended: AbortSignal) {
    const repetition = repetitions.get(candidate) ?? 0;
    repetitions.set(candidate, repetition + 1);
    const before = known.get(number);
    if (before && before.candidate !== candidate) {
      const asks = `evaluation ${number + 1} of the journal in ${folder} is of another network`;
      throw changed(`${asks} than the method asks for now: bring the journal back`);
    }
    if (before?.result) return before.result;
    if (!before) journal.asked({ asked: number, candidate, reason });
    const found = await evaluator.evaluate(
      libraryWindow.library.choices[candidate] as Choice,
      repetition,
      {
        signal: ended,
        onProgress: (fraction) => progress(number, fraction),
      },
    );
    const evaluated = { done: number, candidate, ...found, accuracy: [...found.accuracy] };
    journal.done(evaluated);
    return evaluated;
  }

  function told({ number, proposal, result }: Turn<Proposal, Evaluated>): void {
    search.tell(outcomeOf(result, header));
    const turn = {
      ...{ number, proposal, values: valuesOf(result, { scale, weights, objectives }) },
      hypervolume: front.add(result),
      choice: libraryWindow.library.choices[result.candidate] as Choice,
      evaluated: result,
    };
    history.push(turn);
    progress(number, 1);
    onTold?.(turn);
  }

  try {
    await askAndTell(search, { budget, parallel, signal, evaluate, told });
  } finally {
    journal.close();
  }
  return { header, library: libraryWindow.library, history, measure: evaluator.measure };
}

function outcomeOf(
  evaluated: Evaluated,
  { scale, settings: { weights, objectives, limits, devices } }: JournalHeader,
): Outcome {
  const { candidate, accuracy, costs } = evaluated;
  // Of costs that a profile predicts, all that is searched keeps its limits: there is nothing to learn.
  const isMeasured = devices.some(({ measured }) => measured);
  const constraints = isMeasured ? constraintsOf(costs, limits) : undefined;
  return {
    ...{ candidate, values: valuesOf(evaluated, { scale, weights, objectives }) },
    ...(accuracy.length > 0 && {
      objectives: objectivesOf(mean(accuracy), costs, scale, objectives),
    }),
    ...(constraints && { constraints }),
  };
}

function requireSameEngine(found: EngineIdentity, now: EngineIdentity): void {
  const [was, is] = [found, now].map(
    ({ version, kernels, build }) => `${version} (${kernels}, kernels ${build})`,
  );
  if (was === is) return;
  throw new ConfigError(
    `this search began with engine ${was}, this is ${is}: go on with that one, or start a new search`,
    { code: 'SEN_CFG_SEARCH_ENGINE' },
  );
}
