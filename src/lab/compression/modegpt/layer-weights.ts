// The weights of one encoder layer, taken apart head by head, and put together again.
//
// Notation   h width of the layer, d and e columns of queries and values of a head; weights are (in, out)
import {
  below,
  beside,
  columnsOf,
  product,
  range,
  rowsOf,
} from '../../../engine/linear-algebra/blocks.ts';
import { type Dense, dense } from '../../../engine/linear-algebra/dense.ts';
import { placed } from '../../../engine/ops/head-widths.ts';
import {
  type EncoderLayer,
  groupsOf,
  type Head,
  headWidthOf,
  headWidthsOf,
  joinedWidthsOf,
  nameOf,
} from '../../../models/design-point.ts';
import { tensorOf } from '../../../models/discriminator.ts';
import type { Model, ModelTensor } from '../../../models/model.ts';

type Tensors = Model['tensors'];

/** What a head of attention multiplies by. */
export interface AttentionWeights {
  /** (h + 1, d), the last row is the bias. A matrix between queries and keys is part of the queries. */
  readonly query: Dense;
  readonly key: Dense;
  /** (h, e) */
  readonly value: Dense;
  /** (1, e) */
  readonly valueBias: Dense;
  /** (e, h) */
  readonly output: Dense;
}

/** Its weights if it is attention; other heads are kept as they are. */
export interface WeighedHead {
  readonly head: Head;
  readonly weights: AttentionWeights | undefined;
}

/** (rows, columns), a bias has one row. Throws `WeightsError` for one that is missing or of another size. */
export function matrixOf(tensors: Tensors, name: string, rows: number, columns: number): Dense {
  const { data } = tensorOf(tensors, name, rows * columns);
  return dense(rows, columns, Float64Array.from(data));
}

/** `prefix` is that of the layer, e.g. `forecaster.layer1`. */
export function readHeads(
  tensors: Tensors,
  prefix: string,
  layer: EncoderLayer,
): readonly WeighedHead[] {
  const { hidden, heads } = layer;
  const width = headWidthOf(layer);
  const { value: joined } = joinedWidthsOf(heads, width);
  const output = matrixOf(tensors, `${prefix}.heads.output.weights`, joined, hidden);
  let row = 0;
  return groupsOf(heads).flatMap((group, g): readonly WeighedHead[] => {
    const name = groupName(prefix, g, group[0]);
    const from = row;
    row += joinedWidthsOf(group, width).value;
    if (group[0].op !== 'attention') return group.map((head) => ({ head, weights: undefined }));
    const parts = readGroup(tensors, name, group, { hidden, width });
    let valueFrom = from;
    return group.map((head, i) => {
      const { value } = headWidthsOf(head, width);
      const rows = rowsOf(output, range(valueFrom, value));
      valueFrom += value;
      return { head, weights: { ...(parts[i] as (typeof parts)[number]), output: rows } };
    });
  });
}

function readGroup(
  tensors: Tensors,
  name: string,
  group: readonly Head[],
  { hidden, width }: { readonly hidden: number; readonly width: number },
): readonly Omit<AttentionWeights, 'output'>[] {
  const { query: scored, value: mixed } = joinedWidthsOf(group, width);
  const read = (part: string, rows: number, columns: number) =>
    matrixOf(tensors, `${name}.${part}`, rows, columns);
  const [query, key] = ['query', 'key'].map((part) =>
    below([read(`${part}.weights`, hidden, scored), read(`${part}.bias`, 1, scored)]),
  ) as [Dense, Dense];
  const values = read('value.weights', hidden, mixed);
  const valueBias = read('value.bias', 1, mixed);
  const [first] = group;
  const isMultiplicative = first?.op === 'attention' && first.form === 'multiplicative';
  const between = isMultiplicative
    ? read('between.weights', group.length * width, width)
    : undefined;
  return placed(group.map((head) => headWidthsOf(head, width))).map((own, i) => {
    const [q, v] = [range(own.queryFrom, own.query), range(own.valueFrom, own.value)];
    const queries = columnsOf(query, q);
    return {
      query: between ? product(queries, rowsOf(between, range(i * width, width))) : queries,
      key: columnsOf(key, q),
      value: columnsOf(values, v),
      valueBias: columnsOf(valueBias, v),
    };
  });
}

/** The tensors of the layer's heads, output included, in place of those that it had. */
export function writeHeads(
  tensors: Tensors,
  prefix: string,
  old: EncoderLayer,
  heads: readonly WeighedHead[],
): Tensors {
  const written = Object.fromEntries(
    Object.entries(tensors).filter(
      ([name]) => !/^\.heads\d/.test(name.slice(prefix.length)) || !name.startsWith(prefix),
    ),
  );
  const names = old.heads.map((_, i) => placeOf(old.heads, i, prefix));
  let place = 0;
  for (const [g, group] of groupsOf(heads.map(({ head }) => head)).entries()) {
    const name = groupName(prefix, g, group[0]);
    const own = heads.slice(place, place + group.length);
    const weights = own.flatMap(({ weights }) => weights ?? []);
    Object.assign(
      written,
      weights.length > 0
        ? attentionTensors(name, weights)
        : renamed(tensors, names[place] as string, name),
    );
    place += group.length;
  }
  const rows = joinedRows(tensors, prefix, old, heads);
  return { ...written, [`${prefix}.heads.output.weights`]: tensorFrom(rows) };
}

/** The rows of the output projection: of attention as they are now, of other heads as they were. */
function joinedRows(
  tensors: Tensors,
  prefix: string,
  old: EncoderLayer,
  heads: readonly WeighedHead[],
): Dense {
  const width = headWidthOf(old);
  const widths = old.heads.map((head) => headWidthsOf(head, width).value);
  const joined = widths.reduce((sum, value) => sum + value, 0);
  const whole = matrixOf(tensors, `${prefix}.heads.output.weights`, joined, old.hidden);
  let from = 0;
  return below(
    heads.map(({ weights }, i) => {
      const rows = range(from, widths[i] as number);
      from += widths[i] as number;
      return weights?.output ?? rowsOf(whole, rows);
    }),
  );
}

function attentionTensors(name: string, heads: readonly AttentionWeights[]): Tensors {
  const joined = (part: (head: AttentionWeights) => Dense) => beside(heads.map(part));
  const tensors: Record<string, ModelTensor> = {};
  for (const part of ['query', 'key'] as const) {
    const both = joined((head) => head[part]);
    const bias = both.rows - 1;
    tensors[`${name}.${part}.weights`] = tensorFrom(rowsOf(both, range(0, bias)));
    tensors[`${name}.${part}.bias`] = vectorFrom(rowsOf(both, [bias]));
  }
  tensors[`${name}.value.weights`] = tensorFrom(joined(({ value }) => value));
  tensors[`${name}.value.bias`] = vectorFrom(joined(({ valueBias }) => valueBias));
  return tensors;
}

/** The prefix of the group to which the head belongs. */
function placeOf(heads: readonly Head[], head: number, prefix: string): string {
  let end = 0;
  for (const [g, group] of groupsOf(heads).entries()) {
    end += group.length;
    if (head < end) return groupName(prefix, g, group[0]);
  }
  throw new RangeError(`there is no head ${head}`);
}

function groupName(prefix: string, group: number, head: Head): string {
  return `${prefix}.heads${group + 1}.${nameOf(head)}`;
}

function renamed(tensors: Tensors, from: string, to: string): Tensors {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(`${from}.`))
      .map(([name, tensor]) => [`${to}${name.slice(from.length)}`, tensor]),
  );
}

export function tensorFrom({ rows, columns, values }: Dense): ModelTensor {
  return { shape: [rows, columns], data: Float32Array.from(values) };
}

export function vectorFrom({ values }: Dense): ModelTensor {
  return { shape: [values.length], data: Float32Array.from(values) };
}
