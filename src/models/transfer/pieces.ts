// The weights of a forecaster, cut into pieces of one head, of a pair of heads or of none: the smallest parts that can come
// from another network.
import { type DesignPoint, groupsOf, headWidthOf, headWidthsOf } from '../design-point.ts';

export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A stretch of one axis of a tensor. A `fixed` stretch, e.g. rows of a window, must be as long in another network. */
export interface Stretch {
  readonly along: 'stream' | 'head' | 'feed' | 'fixed';
  readonly start: number;
  readonly size: number;
}

export interface Piece {
  readonly tensor: NamedShape;
  /** One stretch for each axis. */
  readonly stretches: readonly Stretch[];
  /** 0-based; undefined outside of layers. */
  readonly layer: number | undefined;
  /** Heads of the layer, 0-based. */
  readonly heads: readonly number[];
  /** Its role in its layer, e.g. `attention-scaled.query.weights`. */
  readonly role: string;
}

/**
 * The axes of the tensors: s the vectors between layers, h adjacent heads, q and v their queries and values, which may be
 * narrower, d the inside of any head, i one number a head, t the taps of each head, f a feed-forward layer, x fixed.
 */
const LAYOUTS: Readonly<Record<string, string>> = {
  'embedding.weights': 'xs',
  'embedding.bias': 's',
  'embedding.positions': 'xs',
  'widen.weights': 'ss',
  'widen.bias': 's',
  'heads.norm.gain': 's',
  'heads.norm.bias': 's',
  'query.weights': 'sq',
  'query.bias': 'q',
  'key.weights': 'sq',
  'key.bias': 'q',
  'value.weights': 'sv',
  'value.bias': 'v',
  'between.weights': 'idd',
  'span.taps': 'xh',
  'span.bias': 'h',
  'pointwise.weights': 'hh',
  'pointwise.bias': 'h',
  'kernel.weights': 'ht',
  'kernel.bias': 't',
  'heads.output.weights': 'vs',
  'heads.output.bias': 's',
  'feed.norm.gain': 's',
  'feed.norm.bias': 's',
  'feed1.weights': 'sf',
  'feed.output.weights': 'fs',
  'feed.output.bias': 's',
  'norm.gain': 's',
  'norm.bias': 's',
  'forecast.weights': 'sx',
};
const FURTHER_FEED: Readonly<Record<string, string>> = { weights: 'ff', bias: 'f' };

/** Each weight is in one piece. */
export function piecesOf(point: DesignPoint, tensors: readonly NamedShape[]): readonly Piece[] {
  return tensors.flatMap((tensor) => {
    const { layer, role, heads } = placeOf(tensor.name, point);
    const codes = layoutOf(role) ?? 'x'.repeat(tensor.shape.length);
    const axes = tensor.shape.map((size, i) => parts(codes[i] ?? 'x', size, heads));
    return combinations(axes).map((chosen) => ({
      ...{ tensor, layer, role },
      stretches: chosen.map(({ head: _, ...stretch }) => stretch),
      heads: chosen.flatMap(({ head }) => head ?? []),
    }));
  });
}

interface Place extends Pick<Piece, 'layer' | 'role'> {
  /** The adjacent heads of the tensor. */
  readonly heads: readonly PlacedHead[];
}

/** A head of a layer, 0-based, and its columns. */
interface PlacedHead {
  readonly head: number;
  readonly width: number;
  readonly query: number;
  readonly value: number;
}

function placeOf(name: string, { layers }: DesignPoint): Place {
  const [, number, group, rest] = /^layer(\d+)\.(?:heads(\d+)\.)?(.*)$/.exec(name) ?? [];
  const layer = layers[Number(number) - 1];
  if (!layer) return { layer: undefined, role: name, heads: [] };
  const width = headWidthOf(layer);
  const heads = layer.heads.map((own, head) => ({ head, width, ...headWidthsOf(own, width) }));
  const place = { layer: Number(number) - 1, role: rest as string };
  if (group === undefined) return { ...place, heads };
  const groups = groupsOf(layer.heads);
  const first = groups.slice(0, Number(group) - 1).reduce((sum, { length }) => sum + length, 0);
  const count = groups[Number(group) - 1]?.length ?? 0;
  return { ...place, heads: heads.slice(first, first + count) };
}

/** Roles of heads begin with their kind. */
function layoutOf(role: string): string | undefined {
  const [, kindless = role] = /^\w+-\w+\.(.*)$/.exec(role) ?? [];
  const [, , what = ''] = /^feed(\d+)\.(\w+)$/.exec(role) ?? [];
  return LAYOUTS[kindless] ?? FURTHER_FEED[what];
}

type Part = Stretch & { readonly head?: number };

function parts(code: string, size: number, heads: readonly PlacedHead[]): readonly Part[] {
  const eachHead = (
    along: Stretch['along'],
    each: (head: PlacedHead) => number,
  ): readonly Part[] => {
    let end = 0;
    return heads.map((own) => {
      const start = end;
      end += each(own);
      return { along, start, size: end - start, head: own.head };
    });
  };
  switch (code) {
    case 'h':
      return eachHead('head', ({ width }) => width);
    case 'q':
      return eachHead('head', ({ query }) => query);
    case 'v':
      return eachHead('head', ({ value }) => value);
    case 't':
    case 'i':
      return eachHead('fixed', () => size / heads.length);
    case 'd':
      return [{ along: 'head', start: 0, size }];
    case 's':
      return [{ along: 'stream', start: 0, size }];
    case 'f':
      return [{ along: 'feed', start: 0, size }];
    default:
      return [{ along: 'fixed', start: 0, size }];
  }
}

function combinations<T>(axes: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return axes.reduce<readonly (readonly T[])[]>(
    (found, parts) => found.flatMap((begun) => parts.map((part) => [...begun, part])),
    [[]],
  );
}
