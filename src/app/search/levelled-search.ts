// Runs a search method over the levels of the libraries.
import { lookUp, parseOptions } from '../../core/registry.ts';
import type { Outcome, Search } from '../../lab/search/contract.ts';
import { levelEnds } from '../../lab/search/design-space/levels.ts';
import { levelByLevel } from '../../lab/search/level-by-level.ts';
import { fittest } from '../../lab/search/rivals/nsga2.ts';
import type { LibraryWindow } from './library-window.ts';
import { methods } from './methods.ts';
import type { SearchSettings } from './settings.ts';

export interface LevelBegun {
  /** From 1 on. */
  readonly level: number;
  readonly of: number;
  /** What is new in it. */
  readonly name: string;
  /** That may be asked for. */
  readonly candidates: number;
}

/**
 * The budget of the settings says where the levels end; beyond it the last one goes on. Throws `ConfigError` for a method
 * that there is not, and for options that it has not.
 */
export function levelledSearch(
  libraryWindow: LibraryWindow,
  settings: Pick<SearchSettings, 'method' | 'methodOptions' | 'objectives' | 'budget' | 'seed'>,
  onLevel: ((begun: LevelBegun) => void) | undefined,
): Search {
  const { methodOptions, budget, seed } = settings;
  const method = lookUp(methods, settings.method, 'search method');
  const options = parseOptions(method.options, methodOptions, `method ${method.kind}`);
  const { levels, first } = libraryWindow;
  const begin = (number: number, candidates: number): void => {
    const [of, name] = [levels.length, levels[number]?.name ?? ''];
    if (of > 1) onLevel?.({ level: number + 1, of, name, candidates });
  };
  const search = levelByLevel({
    first,
    ends: levelEnds(budget, levels.length),
    ...(settings.objectives && { rank: byFront }),
    next(level, best) {
      const stage = libraryWindow.next(level, best);
      begin(level, stage.open.length);
      return stage;
    },
    start: (candidates, level, known) =>
      method.start(candidates, beginningWith(known, options), seed + level),
  });
  begin(0, first.open.length);
  return search;
}

/** By front, then by crowding distance in it. */
function byFront(outcomes: readonly Outcome[]): readonly Outcome[] {
  return fittest(outcomes, outcomes.length);
}

/**
 * What a method draws before it learns is known already, where there is a level before: blindly, so that it meets that, and
 * not by what it has in common with what was drawn.
 */
function beginningWith(known: number, options: unknown): unknown {
  const given = options as object; // of the method's own schema
  if (known === 0) return given;
  return {
    ...given,
    ...('initial' in given && { initial: known }),
    ...('draws' in given && { draws: 1 }),
  };
}
