// Narrows one encoder layer: the scores and values of its heads of attention, and its feed-forward columns.
//
// Notation   h width of the layer, C~ moments of [x, 1] for an input x; see factors.ts and feed-forward.ts
import { below, columnsOf, product, range, rowsOf } from '../../../engine/linear-algebra/blocks.ts';
import { type Dense, dense } from '../../../engine/linear-algebra/dense.ts';
import {
  type EncoderLayer,
  groupsOf,
  type Head,
  headWidthOf,
  joinedWidthsOf,
  nameOf,
} from '../../../models/design-point.ts';
import type { Model } from '../../../models/model.ts';
import type { CompressedPart } from '../contract.ts';
import type { NetworkMoments } from '../moments.ts';
import type { PartSize } from './allocation.ts';
import {
  countsByStrength,
  type ErrorsOf,
  type Factors,
  type Narrow,
  scoreErrors,
  valueErrors,
} from './factors.ts';
import type { NarrowedFeed } from './feed-forward.ts';
import {
  type AttentionWeights,
  matrixOf,
  readHeads,
  tensorFrom,
  vectorFrom,
  type WeighedHead,
  writeHeads,
} from './layer-weights.ts';

type Tensors = Model['tensors'];

/** How each type of part is narrowed. */
export interface Narrowings {
  readonly scores: Narrow;
  readonly values: Narrow;
  /** C of the activations, weights (in + 1, f) before them, and after. */
  readonly feed: (moments: Dense, before: Dense, next: Dense, count: number) => NarrowedFeed;
}

/** Fewest feed-forward columns of a design. */
const LEAST_FEED = 4;

/** What its columns cost, in the order scores, values, feed-forward layers; heads of other kinds have none. */
export function partSizes(layer: EncoderLayer): readonly PartSize[] {
  const { hidden, feedForward } = layer;
  const width = headWidthOf(layer);
  const attending = layer.heads.filter(({ op }) => op === 'attention');
  const { query, value } = joinedWidthsOf(attending, width);
  const least = Math.max(1, attending.length);
  const feeds = feedForward.map((columns, i) => {
    const before = feedForward[i - 1] ?? hidden;
    const cost = before + 1 + (feedForward[i + 1] ?? hidden);
    return { columns, least: Math.min(LEAST_FEED, columns), cost };
  });
  return [
    { columns: query, least, cost: 2 * (hidden + 1) },
    { columns: value, least, cost: 2 * hidden + 1 },
    ...feeds,
  ];
}

/** Numbers of all parts: what their columns cost, but those between two feed-forward layers once, and matrices between queries and keys. */
export function numbersOfParts(layer: EncoderLayer): number {
  const { feedForward, heads } = layer;
  const shared = feedForward.reduce(
    (sum, columns, i) => sum + columns * (feedForward[i + 1] ?? 0),
    0,
  );
  const between = heads.filter((head) => head.op === 'attention' && head.form === 'multiplicative');
  const others = between.length * headWidthOf(layer) ** 2 - shared;
  return partSizes(layer).reduce((sum, { columns, cost }) => sum + columns * cost, others);
}

export interface NarrowedLayer {
  readonly layer: EncoderLayer;
  readonly tensors: Tensors;
  readonly parts: readonly CompressedPart[];
}

/** `kept` are the columns of each part, in the order of `partSizes`; `network` is the prefix of its tensors. */
export function narrowLayer(
  { layer, tensors }: Omit<NarrowedLayer, 'parts'>,
  { network, number }: { readonly network: string; readonly number: number },
  [scores = 0, values = 0, ...feeds]: readonly number[],
  moments: NetworkMoments,
  narrowings: Narrowings,
): NarrowedLayer {
  const prefix = `layer${number}`;
  const named = { network, prefix };
  const heads = narrowHeads({ layer, tensors }, named, { scores, values }, moments, narrowings);
  let narrowed = heads;
  for (const [i, count] of feeds.entries()) {
    const next = narrowFeedLayer(narrowed, named, { place: i, count }, moments, narrowings);
    narrowed = { ...next, parts: [...narrowed.parts, ...next.parts] };
  }
  return narrowed;
}

interface Named {
  readonly network: string;
  /** Of the layer, below that of the network. */
  readonly prefix: string;
}

function narrowHeads(
  { layer, tensors }: Omit<NarrowedLayer, 'parts'>,
  { network, prefix }: Named,
  kept: { readonly scores: number; readonly values: number },
  moments: NetworkMoments,
  narrowings: Narrowings,
): NarrowedLayer {
  const [scored, mixed] = partSizes(layer).map(({ columns }) => columns);
  if (kept.scores === scored && kept.values === mixed) return { layer, tensors, parts: [] };
  const whole = `${network}.${prefix}`;
  const read = readHeads(tensors, whole, layer);
  const own = read.flatMap(({ weights }) => weights ?? []);
  const augmented = moments.of(headInput(layer, prefix));
  const scores = narrowAll(
    own.map(({ query, key }) => ({ left: query, right: key })),
    { name: `${whole}.scores`, count: kept.scores },
    augmented,
    { narrow: narrowings.scores, errorsOf: scoreErrors },
  );
  const values = narrowAll(
    own.map(({ value, output }) => ({ left: value, right: output })),
    { name: `${whole}.values`, count: kept.values },
    withoutLast(augmented),
    { narrow: narrowings.values, errorsOf: valueErrors },
  );
  let place = 0;
  const width = headWidthOf(layer);
  const narrowed = read.map(({ head, weights }): WeighedHead => {
    if (!weights) return { head, weights };
    const [q, v] = [scores.factors[place], values.factors[place]] as [Factors, Factors];
    place++;
    return headOf(q, v, weights, width);
  });
  const bias = { [`${whole}.heads.output.bias`]: foldedBias(tensors, whole, layer, own, narrowed) };
  return {
    layer: { ...layer, heads: narrowed.map(({ head }) => head) },
    tensors: { ...writeHeads(tensors, whole, layer, narrowed), ...bias },
    parts: [scores.part, values.part],
  };
}

/** The linear layer that reads what all heads of the layer read. */
function headInput({ heads }: EncoderLayer, prefix: string): string {
  const groups = groupsOf(heads);
  const g = groups.findIndex(([{ op }]) => op === 'attention');
  return `${prefix}.heads${g + 1}.${nameOf(groups[g]?.[0] as Head)}.query.weights`;
}

interface NarrowedFactors {
  /** Of each head. */
  readonly factors: readonly Factors[];
  readonly part: CompressedPart;
}

/** The factors of all heads of a layer with `count` inner columns in all. */
function narrowAll(
  heads: readonly Factors[],
  { name, count }: { readonly name: string; readonly count: number },
  moments: Dense,
  { narrow, errorsOf }: { readonly narrow: Narrow; readonly errorsOf: ErrorsOf },
): NarrowedFactors {
  const before = heads.reduce((sum, { left }) => sum + left.columns, 0);
  if (count === before) return { factors: heads, part: { name, before, after: count, error: 0 } };
  const narrowings = heads.map((factors) => narrow(factors, moments));
  const counts = countsByStrength(
    narrowings.map(({ strengths }) => strengths),
    count,
  );
  const factors = narrowings.map(({ keep }, head) => keep(counts[head] as number));
  const [error, whole] = heads
    .map((head, i) => errorsOf(head, factors[i] as Factors, moments))
    .reduce(([e, w], [own, all]) => [e + own, w + all] as const, [0, 0] as const);
  return { factors, part: { name, before, after: count, error: whole > 0 ? error / whole : 0 } };
}

function headOf(
  { left: query, right: key }: Factors,
  { left: value, right: output }: Factors,
  old: AttentionWeights,
  width: number,
): WeighedHead {
  const isNarrowed = value.columns < old.value.columns;
  const valueBias = isNarrowed
    ? dense(1, value.columns, new Float64Array(value.columns))
    : old.valueBias;
  return {
    head: {
      op: 'attention',
      form: 'scaled',
      ...(query.columns !== width && { queryWidth: query.columns }),
      ...(value.columns !== width && { valueWidth: value.columns }),
    },
    weights: { query, key, value, valueBias, output },
  };
}

/** Rows of attention sum to 1, so that the bias of narrowed values passes into that of the output unchanged. */
function foldedBias(
  tensors: Tensors,
  whole: string,
  { hidden }: EncoderLayer,
  old: readonly AttentionWeights[],
  narrowed: readonly WeighedHead[],
): Tensors[string] {
  const bias = matrixOf(tensors, `${whole}.heads.output.bias`, 1, hidden);
  const now = narrowed.flatMap(({ weights }) => weights ?? []);
  for (const [i, { value, valueBias, output }] of old.entries()) {
    if (now[i]?.value.columns === value.columns) continue;
    const folded = product(valueBias, output);
    for (const [c, more] of folded.values.entries()) {
      bias.values[c] = (bias.values[c] as number) + more;
    }
  }
  return vectorFrom(bias);
}

function narrowFeedLayer(
  { layer, tensors }: Omit<NarrowedLayer, 'parts'>,
  { network, prefix }: Named,
  { place, count }: { readonly place: number; readonly count: number },
  moments: NetworkMoments,
  { feed }: Narrowings,
): NarrowedLayer {
  const { hidden, feedForward } = layer;
  const columns = feedForward[place] as number;
  if (count === columns) return { layer, tensors, parts: [] };
  const name = `${prefix}.feed${place + 1}`;
  const following = place + 1 < feedForward.length ? `feed${place + 2}` : 'feed.output';
  const [own, next] = [`${network}.${name}`, `${network}.${prefix}.${following}`];
  const inputs = feedForward[place - 1] ?? hidden;
  const weights = matrixOf(tensors, `${own}.weights`, inputs, columns);
  const bias = matrixOf(tensors, `${own}.bias`, 1, columns);
  const after = matrixOf(tensors, `${next}.weights`, columns, feedForward[place + 1] ?? hidden);
  // The moments are those of the whole network, in which the columns before this layer are still all there.
  const seen = withoutLast(moments.of(`${prefix}.${following}.weights`));
  const narrowed = feed(seen, below([weights, bias]), after, count);
  return {
    layer: { ...layer, feedForward: feedForward.with(place, count) },
    tensors: {
      ...tensors,
      [`${own}.weights`]: tensorFrom(columnsOf(weights, narrowed.kept)),
      [`${own}.bias`]: vectorFrom(columnsOf(bias, narrowed.kept)),
      [`${next}.weights`]: tensorFrom(narrowed.next),
    },
    parts: [{ name: own, before: columns, after: count, error: narrowed.error }],
  };
}

/** Without the row and column of the constant. */
export function withoutLast(moments: Dense): Dense {
  const inner = range(0, moments.rows - 1);
  return columnsOf(rowsOf(moments, inner), inner);
}
