// Pairs of a network and an accelerator: what a search of both may ask for, what a pair costs, and where their costs count as 1.

import { createRandom } from '../../engine/random.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import type { PairCandidates } from '../../lab/search/contract.ts';
import { candidatesIn } from '../../lab/search/families/index.ts';
import { pairsOf } from '../../lab/search/pairs.ts';
import type { Work } from '../../lab/simulator/lowering/graph.ts';
import { ELEMENT_BITS } from '../../lab/simulator/modules.ts';
import { networkOfShape } from '../../lab/simulator/networks.ts';
import { type Price, priceOf, scaleFrom, smoothFunctionOf } from '../../lab/simulator/price.ts';
import { acceleratorAt } from '../../lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../../lab/simulator/zeros.ts';
import type { Costs, Scale } from './costs.ts';
import {
  type AcceleratorNeeds,
  acceleratorCandidates,
  around,
  costsThatFit,
  legalAccelerators,
  SCALED_BY,
} from './device-candidates.ts';
import type { SearchDevice } from './devices.ts';
import type { Choice, Library } from './library.ts';
import { BEST, firstDesigns, type LibraryWindow } from './library-window.ts';
import type { SearchSettings } from './settings.ts';

/** Pairs that are drawn first, and most that are added around the best: networks by accelerators are millions. */
const PAIRS = 10_000;
const LEVELS = ['pairs drawn at random', 'and pairs around the best'] as const;

export type CodesignSettings = SearchSettings & {
  readonly accelerators: NonNullable<SearchSettings['accelerators']>;
};

export function isCodesign(settings: SearchSettings): settings is CodesignSettings {
  return settings.accelerators !== undefined;
}

/**
 * Training is priced by its epochs: the windows of the data, unless the settings name a number. Of a forecast of one row, which
 * a window has beside what it shows.
 */
export function withEpoch(settings: SearchSettings, trainRows: number): SearchSettings {
  const { accelerators, space } = settings;
  if (accelerators?.mode !== 'training') return settings;
  const epoch = accelerators.epoch ?? Math.max(1, trainRows - space.rows);
  return { ...settings, accelerators: { ...accelerators, epoch } };
}

type Pair = readonly [design: number, accelerator: number];

/** Throws `ConfigError` where no accelerator keeps within the area, which says how far the smallest is off. */
export function codesignWindow(settings: CodesignSettings, width: number): LibraryWindow {
  const { space, accelerators, embedding, seed } = settings;
  const { rows, patch } = space;
  const designs = firstDesigns(settings, 1);
  const networks = designs.map((point) => ({ point, rows, patch, width, horizon: 1 }));
  const needs = needsOf(networks[0] as ProfiledNetwork, settings);
  const numbers = [...legalAccelerators(accelerators.space, needs, seed)];
  const pairs: Pair[] = [...drawnPairs(designs.length, numbers.length, seed)];
  const first = candidatesIn(space, designs, embedding);
  const known = new Map<number, SearchDevice>();

  function deviceAt(accelerator: number): SearchDevice {
    const number = numbers[accelerator] as number;
    const found = known.get(number) ?? simulatedDevice(settings, number);
    known.set(number, found);
    return found;
  }

  const levels: number[] = [];
  function libraryOf(level: number): Library & { readonly candidates: PairCandidates } {
    while (levels.length < pairs.length) levels.push(level);
    const second = acceleratorCandidates(accelerators.space, numbers);
    return {
      ...{ designs, candidates: pairsOf(first, second, pairs) },
      all: designs.length * numbers.length,
      choices: pairs.map(
        ([design, accelerator], pair): Choice => ({
          network: networks[design] as ProfiledNetwork,
          device: deviceAt(accelerator),
          level: levels[pair] as number,
        }),
      ),
    };
  }

  let library = libraryOf(1);
  return {
    levels: LEVELS.map((name) => ({ name, space })),
    get library() {
      return library;
    },
    first: { candidates: library.candidates, open: [...pairs.keys()] },
    next(level, best) {
      const taken = new Set(pairs.map((pair) => pair.join()));
      const add = (pair: Pair): void => {
        if (taken.size >= 2 * PAIRS || taken.has(pair.join())) return;
        taken.add(pair.join());
        pairs.push(pair);
      };
      const place = new Map(numbers.map((number, at) => [number, at]));
      for (const [design, accelerator] of best.slice(0, BEST).map((pair) => pairs[pair] as Pair)) {
        const near = around(accelerators.space, needs, [numbers[accelerator] as number]);
        const others = near.flatMap((number) => place.get(number) ?? []);
        for (const one of [design, ...first.neighbours(design)]) {
          for (const other of [accelerator, ...others]) add([one, other]);
        }
      }
      library = libraryOf(level + 1);
      return { candidates: library.candidates, open: [...pairs.keys()] };
    },
  };
}

/** What an accelerator must have for a network of the search. */
export function needsOf(network: ProfiledNetwork, settings: CodesignSettings): AcceleratorNeeds {
  return {
    smooth: smoothFunctionOf(workOf(network, settings, 1)) !== undefined,
    ...{ comparesEnergy: true, training: settings.accelerators.mode === 'training' },
    maxAreaMm2: settings.limits.areaMm2,
  };
}

/** All of them where they are few. */
function drawnPairs(designs: number, accelerators: number, seed: number): readonly Pair[] {
  const all = designs * accelerators;
  const pairAt = (number: number): Pair => [
    Math.floor(number / accelerators),
    number % accelerators,
  ];
  if (all <= PAIRS) return Array.from({ length: all }, (_, number) => pairAt(number));
  const random = createRandom(seed);
  const found = new Set<number>();
  while (found.size < PAIRS) found.add(random.integer(all));
  return [...found].sort((a, b) => a - b).map(pairAt);
}

export function simulatedDevice(
  { accelerators: { space } }: CodesignSettings,
  number: number,
): SearchDevice {
  const accelerator = acceleratorAt(space, number);
  return { kind: accelerator.name, source: 'simulated', accelerator };
}

/** The accelerator that a point of a finished search names. */
export function deviceNamed(settings: CodesignSettings, name: string): SearchDevice {
  return simulatedDevice(settings, Number(name.slice(name.lastIndexOf(':') + 1)));
}

export function workOf(
  network: ProfiledNetwork,
  { accelerators }: Pick<CodesignSettings, 'accelerators'>,
  windows: number,
): Work {
  return networkOfShape(network, 'the design', windows).work(accelerators.mode);
}

const zeros = new Zeros(NO_ZEROS);

/**
 * Of a window, or of an epoch of training; throws `ConfigError` where the network does not fit. Deterministic, some milliseconds.
 * `work` is that of the network for the windows that the accelerator takes together.
 */
export function simulatedCosts(
  { network, device }: Pick<Choice, 'network' | 'device'>,
  settings: CodesignSettings,
  work = workOf(network, settings, device.accelerator?.batch ?? 1),
): Costs {
  const { accelerator } = device;
  if (!accelerator) throw new RangeError(`the device ${device.kind} is no accelerator`);
  const { mode, epoch } = settings.accelerators;
  const times = epoch ?? 1;
  const rules = { mode, order: 'bijk', lanes: 'window-32', zeros } as const;
  const { latencyS, dynamicJ, leakageJ, areaMm2 } = priceOf(
    work,
    accelerator,
    accelerator.batch,
    rules,
  );
  const elements = work.matrices
    .filter(({ origin }) => origin === 'memory')
    .reduce((sum, one) => sum + one.elements, 0);
  return {
    ...{ p50S: times * latencyS, p95S: times * latencyS, areaMm2 },
    ...{ energyJ: times * dynamicJ, leakageJ: times * leakageJ },
    ...{ memoryBytes: Math.ceil((elements * ELEMENT_BITS) / 8), simulated: true },
    ...(epoch !== undefined && { epoch }),
  };
}

/** 95th percentiles of random pairs of the first library; yields between them. Throws the last fault where no network fits. */
export async function simulatedScale(
  { choices }: Library,
  settings: CodesignSettings,
  pause: () => Promise<void>,
): Promise<Scale> {
  const random = createRandom(settings.seed);
  const draws = Array.from({ length: SCALED_BY }, () => random.integer(choices.length));
  const costOf = (pair: number) => simulatedCosts(choices[pair] as Choice, settings);
  const found = await costsThatFit(draws, costOf, pause);
  const scale = scaleFrom(found.map(priceFrom));
  return {
    ...{ latencyS: scale.latencyS, energyJ: scale.dynamicJ },
    ...{ leakageJ: scale.leakageJ, areaMm2: scale.areaMm2 },
    memoryBytes: Math.max(...found.map(({ memoryBytes }) => memoryBytes)),
  };
}

function priceFrom({ p50S, energyJ = 0, leakageJ = 0, areaMm2 = 0 }: Costs): Price {
  const powerW = (energyJ + leakageJ) / p50S;
  return { latencyS: p50S, dynamicJ: energyJ, leakageJ, areaMm2, powerW };
}
