import { describe, expect, it } from 'vitest';
import { type LevelBegun, levelledSearch } from '../../../src/app/search/levelled-search.ts';
import type { Choice } from '../../../src/app/search/library.ts';
import { type LibraryWindow, libraryWindowOf } from '../../../src/app/search/library-window.ts';
import { methods } from '../../../src/app/search/methods.ts';
import { lookUp } from '../../../src/core/registry.ts';
import { createRandom } from '../../../src/engine/random.ts';
import type { Proposal, Search } from '../../../src/lab/search/contract.ts';
import { headNames } from '../../../src/lab/search/design-space/design-key.ts';
import { type DesignSpace, readSpace } from '../../../src/lab/search/design-space/space.ts';
import { type DesignPoint, nameOf } from '../../../src/models/design-point.ts';
import { mixedSpace } from '../../lab/search/design-space/spaces.ts';
import { encoderOf, settings } from './toy-search.ts';

const full = readSpace('full');
/** 72 designs whose layers are alike, of 160,434. */
const small = { ...mixedSpace, layers: [1, 2, 3] };
const BUDGET = 40;

/** Another one for each seed: what a layer is worth depends on where it lies, so the best layers differ. */
function truth(seed: number): (point: DesignPoint) => number {
  const random = createRandom(seed);
  const table = Array.from({ length: 3 }, () => ({
    heads: new Map<string, number>(headNames.map((name) => [name, random.normal()])),
    widths: new Map([16, 32, 64, 128].map((width) => [width, 0.5 * random.normal()])),
  }));
  return ({ layers }) => {
    const worth = layers.reduce((sum, { hidden, heads, feedForward }, i) => {
      const { heads: ops, widths } = table[i] as (typeof table)[number];
      const byHead = heads.map((head) => ops.get(nameOf(head)) ?? 0);
      const byStack = feedForward.map((width, j) => (widths.get(width) ?? 0) * (j === 0 ? 1 : -1));
      return (
        sum +
        byHead.reduce((all, one) => all + one, 0) / heads.length +
        byStack.reduce((all, one) => all + one, 0) +
        (widths.get(hidden) ?? 0)
      );
    }, 0);
    return 1 / (1 + Math.exp(-worth / 2));
  };
}

/** `space` has three levels, for it is too large to be listed. */
function started(seed: number, space: DesignSpace, method = 'evolution') {
  const asked = settings({ space, budget: BUDGET, seed, levelled: true, method });
  const devices = [{ kind: 'x86', source: 'measured' }] as const;
  const libraryWindow = libraryWindowOf({ settings: asked, devices, width: 3 });
  const begun: LevelBegun[] = [];
  const search = levelledSearch(libraryWindow, asked, (level) => begun.push(level));
  return { asked, libraryWindow, search, begun };
}

/** The most that was told. */
function best(
  search: Search,
  libraryWindow: LibraryWindow,
  worth: (point: DesignPoint) => number,
): number {
  const values = Array.from({ length: BUDGET }, () => {
    const [{ candidate }] = search.propose(1) as readonly [Proposal];
    const { network } = libraryWindow.library.choices[candidate] as Choice;
    const value = worth(encoderOf(network.point));
    search.tell({ candidate, values: [value] });
    return value;
  });
  return Math.max(...values);
}

describe('a search level by level', () => {
  it('finds better than the first level alone does with as many evaluations', () => {
    const gains = Array.from({ length: 4 }, (_, i) => {
      const seed = i + 1;
      const { asked, libraryWindow, search } = started(seed, full);
      const { first } = libraryWindow;
      const found = best(search, libraryWindow, truth(seed));
      const method = lookUp(methods, asked.method, 'search method');
      const alone = method.start(first.candidates, method.options.parse({}), seed);
      return found - best(alone, libraryWindow, truth(seed));
    });
    expect(gains.filter((gain) => gain > 0).length).toBeGreaterThanOrEqual(3);
  });

  it('asks at each level for what is new in it, and for nothing that another one knows', () => {
    const { libraryWindow, search, begun } = started(1, small);
    const asked: number[] = [];
    for (let i = 0; i < BUDGET; i++) {
      const [{ candidate }] = search.propose(1) as readonly [Proposal];
      asked.push(candidate);
      const { network } = libraryWindow.library.choices[candidate] as Choice;
      const { layers } = encoderOf(network.point);
      search.tell({ candidate, values: i % 4 === 0 ? [] : [layers.length] });
    }
    expect(new Set(asked).size).toBe(BUDGET);
    const levels = asked.map((candidate) => libraryWindow.library.choices[candidate]?.level);
    const [first, second] = [22, 33];
    expect(levels).toEqual([
      ...new Array(first).fill(1),
      ...new Array(second - first).fill(2),
      ...new Array(BUDGET - second).fill(3),
    ]);
    expect(begun.map(({ level, of, name }) => [level, of, name])).toEqual([
      [1, 3, 'layers all alike'],
      [2, 3, 'layers that differ'],
      [3, 3, 'feed-forward layers that differ'],
    ]);
    expect(begun[0]?.candidates).toBe(72);
  });

  it.each(['boshnas', 'tpe'])(
    'draws nothing blindly once there is a level before (%s)',
    (method) => {
      const { libraryWindow, search } = started(1, small, method);
      // the first level has 22, and the second begins
      const reasons = Array.from({ length: 26 }, () => {
        const [{ candidate, reason }] = search.propose(1) as readonly [Proposal];
        const { network } = libraryWindow.library.choices[candidate] as Choice;
        const { layers } = encoderOf(network.point);
        search.tell({ candidate, values: [layers.length] });
        return reason;
      });
      expect(reasons).toContain('initial');
      expect(reasons.lastIndexOf('initial')).toBeLessThan(10);
    },
  );

  it('goes over to the next level when all of the last one is told, not before', () => {
    const { search, begun } = started(1, small);
    const proposals = search.propose(BUDGET);
    expect(proposals).toHaveLength(10); // evolution waits for its first ones
    for (const { candidate } of proposals) search.tell({ candidate, values: [1] });
    const rest = search.propose(BUDGET);
    expect(rest).toHaveLength(12);
    for (const { candidate } of rest.slice(1)) search.tell({ candidate, values: [1] });
    expect(search.propose(1)).toEqual([]);
    expect(begun).toHaveLength(1);
    search.tell({ candidate: rest[0]?.candidate ?? -1, values: [1] });
    expect(search.propose(1)).toHaveLength(1);
    expect(begun).toHaveLength(2);
  });

  it('goes on with all candidates where nothing was feasible', () => {
    const { search, begun } = started(1, small);
    for (let i = 0; i < 23; i++) {
      const [{ candidate }] = search.propose(1) as readonly [Proposal];
      search.tell({ candidate, values: [] });
    }
    expect(begun[1]?.candidates).toBe(72);
  });
});
