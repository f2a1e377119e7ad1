// Pairs of a network and an accelerator: what a search of both may ask for.
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import type { PairCandidates } from '../../lab/search/contract.ts';
import { candidatesIn } from '../../lab/search/families/index.ts';
import { pairsOf } from '../../lab/search/pairs.ts';
import { smoothOf } from '../../lab/simulator/price.ts';
import { type AcceleratorSpace, acceleratorAt } from '../../lab/simulator/space.ts';
import { familyOf, type NetworkDesign } from '../../models/network-family.ts';
import {
  type AcceleratorNeeds,
  acceleratorCandidates,
  around,
  drawnNumbers,
  legalAccelerators,
} from './device-candidates.ts';
import type { SearchDevice } from './devices.ts';
import type { Choice, Library } from './library.ts';
import { BEST, firstDesigns, type LibraryWindow } from './library-window.ts';
import { type CodesignSettings, simulatedDevice } from './simulated-costs.ts';

/** Pairs that are drawn first, and most that are added around the best: networks by accelerators are millions. */
const PAIRS = 10_000;
const LEVELS = ['pairs drawn at random', 'and pairs around the best'] as const;

type Pair = readonly [design: number, accelerator: number];

/** Throws `ConfigError` where no accelerator keeps within the area, which says how far the smallest is off. */
export function codesignWindow(settings: CodesignSettings, width: number): LibraryWindow {
  const { space, accelerators, embedding, seed } = settings;
  const { rows, patch } = space;
  const designs = firstDesigns(settings, 1);
  const networks = designs.map((point) => ({ point, rows, patch, width, horizon: 1 }));
  const needs = needsOf(designs, settings);
  const numbers = [...legalAccelerators(accelerators.space, needs, seed)];
  const isLegal = legality(designs, numbers, accelerators.space);
  const pairs: Pair[] = [...drawnPairs([designs.length, numbers.length], isLegal, seed)];
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
      const place = new Map(numbers.map((number, at) => [number, at]));
      const near = ([design, accelerator]: Pair): readonly Pair[] => {
        const found = around(accelerators.space, needs, [numbers[accelerator] as number]);
        const others = [accelerator, ...found.flatMap((number) => place.get(number) ?? [])];
        return [design, ...first.neighbours(design)].flatMap((one) =>
          others.map((other): Pair => [one, other]),
        );
      };
      const centres = best.slice(0, BEST).map((pair) => pairs[pair] as Pair);
      addNew(pairs, centres.flatMap(near).filter(isLegal));
      library = libraryOf(level + 1);
      return { candidates: library.candidates, open: [...pairs.keys()] };
    },
  };
}

/** What an accelerator must have for one of the designs at least. */
export function needsOf(
  designs: readonly NetworkDesign[],
  { accelerators, limits }: CodesignSettings,
): AcceleratorNeeds {
  return {
    smooth: designs.every(isSmooth),
    ...{ comparesEnergy: true, training: accelerators.mode === 'training' },
    maxAreaMm2: limits.areaMm2,
  };
}

/** As many as there is room for. */
function addNew(pairs: Pair[], others: readonly Pair[]): void {
  const taken = new Set(pairs.map((pair) => pair.join()));
  for (const pair of others) {
    if (taken.size >= 2 * PAIRS) return;
    if (!taken.has(pair.join())) pairs.push(pair);
    taken.add(pair.join());
  }
}

/** Lanes with a ReLU do not compute every function, so that not every network goes with every accelerator. */
function legality(
  designs: readonly NetworkDesign[],
  numbers: readonly number[],
  space: AcceleratorSpace,
): (pair: Pair) => boolean {
  const smooth = designs.map(isSmooth);
  const isRelu = numbers.map((number) => acceleratorAt(space, number).nonLinearity === 'relu');
  return ([design, accelerator]) => !(smooth[design] && isRelu[accelerator]);
}

function isSmooth(design: NetworkDesign): boolean {
  return smoothOf(familyOf(design).functions(design)) !== undefined;
}

/** All that are legal where they are few. */
function drawnPairs(
  [designs, accelerators]: Pair,
  isLegal: (pair: Pair) => boolean,
  seed: number,
): readonly Pair[] {
  const all = designs * accelerators;
  const pairAt = (number: number): Pair => [
    Math.floor(number / accelerators),
    number % accelerators,
  ];
  if (all <= PAIRS) {
    return Array.from({ length: all }, (_, number) => pairAt(number)).filter(isLegal);
  }
  // Each accelerator is legal with some network, so that most draws are.
  return drawnNumbers(all, PAIRS, seed, (number) => isLegal(pairAt(number))).map(pairAt);
}
