// The libraries of a search, level after level: each holds the one before, and more around the best that it brought.
import type { FamilyLevel } from '../../lab/search/families/contract.ts';
import { familyOfSpace, type NetworkSpace } from '../../lab/search/families/index.ts';
import type { Stage } from '../../lab/search/level-by-level.ts';
import type { NetworkDesign } from '../../models/network-family.ts';
import { type Choice, type Library, type LibraryTask, libraryOf } from './library.ts';
import type { SearchSettings } from './settings.ts';

/** Candidates around which the next library is made. FlexiBERT's. */
export const BEST = 5;

export interface LibraryWindow {
  readonly levels: readonly FamilyLevel<NetworkSpace>[];
  /** Of the level that was come to. */
  readonly library: Library;
  readonly first: Stage;
  /** `best` candidates of the library there is, best first. Throws as `libraryOf` does. */
  next(level: number, best: readonly number[]): Stage;
}

export interface LibraryWindowTask extends LibraryTask {
  readonly settings: Pick<
    SearchSettings,
    'space' | 'embedding' | 'limits' | 'objectives' | 'library' | 'levelled' | 'budget' | 'seed'
  >;
}

/** Throws as `libraryOf` does. */
export function libraryWindowOf(task: LibraryWindowTask): LibraryWindow {
  const { budget, seed } = task.settings;
  const levels = levelsFor(task.settings);
  let library = libraryOf(task, firstDesigns(task.settings, levels.length), levels[0]);
  return {
    levels,
    get library() {
      return library;
    },
    first: { candidates: library.candidates, open: numbersOf(library, 0) },
    next(number, best) {
      const before = library;
      const level = levels[number] as FamilyLevel<NetworkSpace>;
      const good = bestDesigns(before, best);
      const { grow } = familyOfSpace(level.space);
      const designs =
        good.length > 0 ? grow(before.designs, good, level.space, seed + number) : before.designs;
      library = libraryOf(task, designs, level, before);
      // Few new ones would be used up before the evaluations are.
      const isGrown = library.choices.length - before.choices.length >= budget;
      const open = numbersOf(library, isGrown ? before.choices.length : 0);
      return { candidates: library.candidates, open };
    },
  };
}

/** One, where all of the space is drawn from at once. */
export function levelsFor({
  space,
  levelled,
}: Pick<SearchSettings, 'space' | 'levelled'>): readonly [
  FamilyLevel<NetworkSpace>,
  ...FamilyLevel<NetworkSpace>[],
] {
  return levelled ? familyOfSpace(space).levelsOf(space) : [{ name: 'all designs', space }];
}

/** What the first of so many levels is made of. */
export function firstDesigns(
  { space, library, seed }: Pick<SearchSettings, 'space' | 'library' | 'seed'>,
  levels: number,
): readonly NetworkDesign[] {
  const { firstOf, enumerable, enumerate, sample } = familyOfSpace(space);
  if (levels > 1) return firstOf(space, library, seed);
  return enumerable(space) ? enumerate(space) : sample(space, library, seed);
}

function numbersOf({ choices }: Library, from: number): readonly number[] {
  return Array.from({ length: choices.length - from }, (_, i) => from + i);
}

/** Numbers of designs; one that is best on several devices counts once. */
function bestDesigns({ designs, choices }: Library, best: readonly number[]): readonly number[] {
  const found = best.map((number) => designs.indexOf((choices[number] as Choice).network.point));
  return [...new Set(found)].slice(0, BEST);
}
