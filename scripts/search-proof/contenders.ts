// Who searches: every method there is, and ours without one part at a time.
import { methods } from '../../src/app/search/methods.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { parseOptions, type Registry, registry } from '../../src/core/registry.ts';
import { createRandom } from '../../src/engine/random.ts';
import { boshcode } from '../../src/lab/search/boshcode/boshcode.ts';
import { surrogateSearchOptions } from '../../src/lab/search/boshnas/options.ts';
import type {
  Candidates,
  PairCandidates,
  Search,
  SearchMethod,
} from '../../src/lab/search/contract.ts';
import type { Embedding } from '../../src/lab/search/design-space/embeddings.ts';
import { learned, oneHot } from '../../src/lab/search/design-space/embeddings.ts';
import { tpe } from '../../src/lab/search/rivals/tpe.ts';

export interface Contender {
  readonly kind: string;
  /** Absent = the table's own. */
  readonly embedding?: Embedding;
  /** Knows nothing else. */
  readonly ofPairs?: true;
  start(candidates: Candidates, seed: number): Search;
}

/** By the end of the name: `boshnas-first-order` is BOSHNAS with these options. */
const ABLATIONS: Readonly<Record<string, object>> = {
  'first-order': { secondOrder: false },
  'no-aleatoric': { aleatoricWeight: 0 },
  'no-epistemic': { epistemicWeight: 0, uncertaintyShare: 0 },
  everywhere: { region: null },
  'random-draws': { draws: 1 },
};

/** By the end of the name too: what ours sees of the candidates. */
const SIGHTS: Readonly<Record<string, Sight>> = {
  'no-choices': (candidates) => ({ ...candidates, choices: NO_CHOICES }),
  'by-place': byPlace,
  shuffled,
};

type Sight = (candidates: Candidates, seed: number) => Candidates;

/** As many first candidates as ours. */
const AS_EARLY = { initial: surrogateSearchOptions.parse({}).initial };

/** Of pairs; those with one half that is never another one have number 0, whichever that is. */
const OF_PAIRS: Readonly<Record<string, object>> = {
  'one-first': { first: 0 },
  'one-second': { second: 0 },
  'random-draws': { draws: 1 },
};

export const contenders: Registry<Contender> = registry<Contender>(
  ...[...methods.values()].flatMap((method) =>
    method.kind === 'boshnas' ? oursOf(method) : [contenderOf(method.kind, method)],
  ),
  contenderOf(`${tpe.kind}-early`, tpe as SearchMethod, AS_EARLY),
  ...[boshcode.kind, ...Object.keys(OF_PAIRS).map((part) => `${boshcode.kind}-${part}`)].map(
    ofPairs,
  ),
  { ...ofPairs(boshcode.kind), kind: `${boshcode.kind}-learned`, embedding: learned },
  seeing(ofPairs(boshcode.kind), 'by-place', byPlace),
);

/** Throws `ConfigError` where the candidates are no pairs. */
function ofPairs(kind: string): Contender {
  const part = OF_PAIRS[kind.slice(boshcode.kind.length + 1)] ?? {};
  const options = parseOptions(boshcode.options, part, `search method ${boshcode.kind}`);
  return {
    kind,
    ofPairs: true,
    start: (candidates, seed) => {
      if (!isOfPairs(candidates)) {
        throw new ConfigError(`${kind} searches pairs: choose a table of pairs, or another method`);
      }
      return boshcode.start(candidates, options, seed);
    },
  };
}

function isOfPairs(candidates: Candidates): candidates is PairCandidates {
  return 'partsOf' in candidates;
}

function oursOf(method: SearchMethod): readonly Contender[] {
  const whole = contenderOf(method.kind, method);
  return [
    whole,
    ...Object.entries(ABLATIONS).map(([part, options]) =>
      contenderOf(`${method.kind}-${part}`, method, options),
    ),
    { ...whole, kind: `${method.kind}-one-hot`, embedding: oneHot },
    ...Object.entries(SIGHTS).map(([part, sight]) => seeing(whole, part, sight)),
  ];
}

function contenderOf(kind: string, method: SearchMethod, given: object = {}): Contender {
  const options = parseOptions(method.options, given, `search method ${method.kind}`);
  return { kind, start: (candidates, seed) => method.start(candidates, options, seed) };
}

function seeing(whole: Contender, part: string, sight: Sight): Contender {
  return {
    ...whole,
    kind: `${whole.kind}-${part}`,
    start: (candidates, seed) => whole.start(sight(candidates, seed), seed),
  };
}

const NO_CHOICES = { sizes: [], values: new Int32Array(0) };

/** No place says anything about another. */
function byPlace(candidates: Candidates): Candidates {
  const { kinds: _, ...choices } = candidates.choices;
  const placed = { ...candidates, choices };
  if (!isOfPairs(candidates)) return placed;
  return {
    ...placed,
    first: byPlace(candidates.first),
    second: byPlace(candidates.second),
  } as PairCandidates;
}

/** Coordinates and choices dealt out to the candidates at random: what is learned of one tells nothing of another. */
function shuffled(candidates: Candidates, seed: number): Candidates {
  const { coordinates, choices } = candidates;
  const order = Array.from({ length: candidates.count }, (_, i) => i);
  createRandom(seed).shuffle(order);
  return {
    ...candidates,
    coordinates: { ...coordinates, values: dealt(coordinates.values, order) },
    choices: { ...choices, values: dealt(choices.values, order) },
  };
}

/** Rows in another order. */
function dealt<T extends Float64Array | Int32Array>(values: T, order: readonly number[]): T {
  const width = values.length / order.length;
  return values.map(
    (_, i) => values[(order[Math.floor(i / width)] as number) * width + (i % width)] as number,
  ) as T;
}
