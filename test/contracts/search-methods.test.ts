// What every search method must do; a new one is tested by being listed.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Candidates,
  Outcome,
  Proposal,
  Search,
  SearchMethod,
} from '../../src/lab/search/contract.ts';
import { rivals } from '../../src/lab/search/rivals/index.ts';
import { gridCandidates, smoothOutcome } from '../lab/search/toy.ts';
import { expectDescribed } from './described-options.ts';
import { evaluationsUntilBest, networkMethods, toy } from './search-speed.ts';

const methods: readonly SearchMethod[] = [...networkMethods, ...rivals.values()];
/** Those that learn nothing from what they are told, and those that train networks, which are slow. */
const NOT_COMPARED = ['random', ...networkMethods.map(({ kind }) => kind)];
const isSlow = (kind: string) => networkMethods.some((method) => method.kind === kind);
/** Options that make a search cheaper and no other in kind; how good it is, is judged with its own. */
const CHEAPER: Readonly<Record<string, object>> = {
  boshnas: { initial: 3, restarts: 2, iterations: 2 },
  breathe: { initial: 3, restarts: 2, iterations: 2 },
};

const small = gridCandidates([3, 3, 2], { legal: ([a, b]) => a !== 2 || b !== 2, short: 1 });

function start(method: SearchMethod, candidates: Candidates, seed: number): Search {
  return method.start(candidates, method.options.parse(CHEAPER[method.kind] ?? {}), seed);
}

/** Asks for `batch` at a time and tells each outcome, newest proposal first, until `budget` or the end. */
function run(
  search: Search,
  evaluate: (candidate: number) => Outcome,
  { budget = Number.POSITIVE_INFINITY, batch = 1 } = {},
): readonly Proposal[] {
  const all: Proposal[] = [];
  while (!search.finished && all.length < budget) {
    const proposals = search.propose(Math.min(batch, budget - all.length));
    if (proposals.length === 0) throw new Error('nothing is outstanding, and nothing is proposed');
    all.push(...proposals);
    for (const { candidate } of [...proposals].reverse()) search.tell(evaluate(candidate));
  }
  return all;
}

const candidatesOf = (proposals: readonly Proposal[]) =>
  proposals.filter(({ reason }) => reason !== 'repetition').map(({ candidate }) => candidate);

/** Checks them, adds them to `seen`, and returns the candidates. */
function legalAndNew(proposals: readonly Proposal[], { count }: Candidates, seen: Set<number>) {
  return proposals.map(({ candidate, reason }) => {
    expect(Number.isInteger(candidate) && candidate >= 0 && candidate < count).toBe(true);
    if (reason !== 'repetition') expect(seen.has(candidate)).toBe(false);
    seen.add(candidate);
    return candidate;
  });
}

function someInfeasible(candidate: number): Outcome {
  return candidate % 5 === 0 ? { candidate, values: [] } : smoothOutcome(small, candidate);
}

describe('rivals', () => {
  it('lists every method of the folder, under its name', () => {
    const folder = new URL('../../src/lab/search/rivals/', import.meta.url);
    const kinds = readdirSync(folder).flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^ {2}kind: '([\w-]+)',$/gm)].map(
        ([, kind]) => kind,
      ),
    );
    expect(kinds.length).toBeGreaterThan(0);
    expect([...rivals.keys()].sort()).toEqual(kinds.sort());
    for (const [kind, method] of rivals) expect(method.kind).toBe(kind);
  });
});

describe.each(methods.map((method) => [method.kind, method] as const))(
  'search method contract: %s',
  (kind, method) => {
    it('describes every option with default and unit, and refuses others', () => {
      expectDescribed(kind, method);
    });

    it('proposes each candidate of a small space once, then is finished', () => {
      for (const batch of isSlow(kind) ? [5] : [1, 5, 100]) {
        const search = start(method, small, 3);
        const proposals = run(search, (candidate) => smoothOutcome(small, candidate), { batch });
        const candidates = candidatesOf(proposals);
        expect([...candidates].sort((a, b) => a - b)).toEqual(
          Array.from({ length: small.count }, (_, candidate) => candidate),
        );
        expect(search.finished).toBe(true);
        expect(search.propose(1)).toEqual([]);
      }
    });

    it('never proposes twice what is still outstanding, however it is asked and told', () => {
      fc.assert(
        fc.property(
          fc.array(fc.record({ ask: fc.nat(6), answer: fc.nat(6), first: fc.boolean() }), {
            maxLength: 12,
          }),
          fc.nat(99),
          (steps, seed) => {
            const search = start(method, small, seed);
            const seen = new Set<number>();
            const waiting: number[] = [];
            for (const { ask, answer, first } of steps) {
              const proposals = search.propose(ask);
              expect(proposals.length).toBeLessThanOrEqual(ask);
              waiting.push(...legalAndNew(proposals, small, seen));
              const answered = waiting.splice(first ? 0 : -answer, answer);
              for (const candidate of answered) search.tell(someInfeasible(candidate));
            }
          },
        ),
        { numRuns: isSlow(kind) ? 3 : 6 },
      );
    });

    it('gives the same proposals for the same seed, also where a journal answers the first', () => {
      const options = { budget: 12, batch: 3 };
      const journal: Outcome[] = [];
      const once = run(
        start(method, toy, 7),
        (candidate) => {
          const outcome = smoothOutcome(toy, candidate);
          journal.push(outcome);
          return outcome;
        },
        options,
      );

      // Ended between two answers of one batch.
      const kept = new Map(journal.slice(0, 8).map((outcome) => [outcome.candidate, outcome]));
      const evaluated: number[] = [];
      const resumed = run(
        start(method, toy, 7),
        (candidate) => {
          const known = kept.get(candidate);
          if (!known) evaluated.push(candidate);
          return known ?? smoothOutcome(toy, candidate);
        },
        options,
      );
      expect(resumed).toEqual(once);
      expect(evaluated).toEqual(journal.slice(8).map(({ candidate }) => candidate));
      const other = run(start(method, toy, 8), (candidate) => smoothOutcome(toy, candidate), {
        ...options,
        budget: 6,
      });
      expect(other).not.toEqual(once.slice(0, 6));
    });

    it('goes on when nothing is feasible, until nothing is left', () => {
      const search = start(method, small, 5);
      const proposals = run(search, (candidate) => ({ candidate, values: [] }), { batch: 4 });
      expect(new Set(candidatesOf(proposals)).size).toBe(small.count);
      expect(search.finished).toBe(true);
    });

    it('refuses outcomes that nobody waits for', () => {
      const search = start(method, small, 1);
      expect(() => search.tell({ candidate: 0, values: [1] })).toThrow(RangeError);
      const [proposal] = search.propose(1);
      const outcome = smoothOutcome(small, proposal?.candidate as number);
      search.tell(outcome);
      expect(() => search.tell(outcome)).toThrow(RangeError);
    });

    it.skipIf(NOT_COMPARED.includes(kind))(
      'finds the best of 200 sooner than random search',
      () => {
        const random = rivals.get('random') as SearchMethod;
        expect(evaluationsUntilBest(method, 3)).toBeLessThan(evaluationsUntilBest(random, 9) / 1.5);
      },
    );
  },
);
