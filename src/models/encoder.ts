// The time-series transformer of a design point: patches of a window in, one vector for each patch out.
//
// Notation   B batch, T rows, C channels, p rows of a patch, P = T / p patches, h width of a layer
//
// Departs from FlexiBERT: layer norm before, not after each half of a layer, because small encoders then train without
// a warm-up; positions are learned and absolute; a projection, not the last feed-forward layer, leads from one width to
// the next.
import { ConfigError } from '../core/errors.ts';
import { type Activation, activation } from '../engine/ops/activation.ts';
import { concatColumns } from '../engine/ops/columns.ts';
import { add } from '../engine/ops/elements.ts';
import type { Tape } from '../engine/tape/tape.ts';
import { reshape, type Tensor } from '../engine/tape/tensor.ts';
import {
  type DesignPoint,
  type EncoderLayer,
  groupsOf,
  headWidthOf,
  joinedWidthsOf,
  nameOf,
  requireLegal,
} from './design-point.ts';
import { opOf } from './encoder-ops.ts';
import { norm, project } from './layers.ts';

export interface PatchShape {
  /** T. */
  readonly rows: number;
  /** C. */
  readonly width: number;
  /** p, divides T. */
  readonly patch: number;
}

/** x (B, T, C) to (B, P, h of the last layer), layer norm included. Throws `ConfigError` for shapes that cannot be. */
export function encode(
  tape: Tape,
  design: DesignPoint,
  x: Tensor,
  { patch }: Pick<PatchShape, 'patch'>,
): Tensor {
  const [batch = 1, rows = 1, width = 1] = x.shape;
  const patches = rows / patch;
  if (!Number.isInteger(patches)) {
    throw new ConfigError(
      `windows of ${rows} rows cannot be cut in patches of ${patch}: take a length of whole patches`,
      { code: 'SEN_CFG_DESIGN' },
    );
  }
  requireLegal(design, patches);
  let hidden = design.layers[0]?.hidden ?? 0;
  const cells = reshape(x, [batch, patches, patch * width]);
  const positions = tape.parameter('embedding.positions', [patches, hidden]);
  let y = add(tape, project(tape, cells, hidden, 'embedding'), positions);
  for (const [i, layer] of design.layers.entries()) {
    const name = `layer${i + 1}`;
    if (layer.hidden !== hidden) y = project(tape, y, layer.hidden, `${name}.widen`);
    hidden = layer.hidden;
    y = encoderLayer(tape, y, layer, { name, activation: design.activation ?? 'gelu' });
  }
  return norm(tape, y, 'norm');
}

function encoderLayer(
  tape: Tape,
  x: Tensor,
  layer: EncoderLayer,
  { name, activation: kind }: { readonly name: string; readonly activation: Activation },
): Tensor {
  const { heads, feedForward, hidden } = layer;
  const width = headWidthOf(layer);
  const normed = norm(tape, x, `${name}.heads.norm`);
  const mixed = groupsOf(heads).map((group, i) =>
    opOf(group[0]).mix(tape, normed, group, {
      width,
      name: `${name}.heads${i + 1}.${nameOf(group[0])}`,
    }),
  );
  const joined = project(tape, concatColumns(tape, mixed), hidden, `${name}.heads.output`);
  const between = add(tape, x, joined);
  let y = norm(tape, between, `${name}.feed.norm`);
  for (const [i, columns] of feedForward.entries()) {
    y = activation(tape, project(tape, y, columns, `${name}.feed${i + 1}`), kind);
  }
  return add(tape, between, project(tape, y, hidden, `${name}.feed.output`));
}

/** Multiplications of one window; norms, activations and additions are not counted. */
export function encoderMacs({ layers }: DesignPoint, { rows, width, patch }: PatchShape): number {
  const patches = rows / patch;
  let hidden = layers[0]?.hidden ?? 0;
  let macs = patches * patch * width * hidden;
  for (const layer of layers) {
    if (layer.hidden !== hidden) macs += patches * hidden * layer.hidden;
    hidden = layer.hidden;
    macs += layerMacs(layer, patches);
  }
  return macs;
}

function layerMacs(layer: EncoderLayer, patches: number): number {
  const { hidden, heads, feedForward } = layer;
  const width = headWidthOf(layer);
  const mixing = groupsOf(heads).reduce(
    (sum, group) => sum + opOf(group[0]).macs(patches, hidden, group, width),
    0,
  );
  const { value: joined } = joinedWidthsOf(heads, width);
  const widths = [hidden, ...feedForward, hidden];
  const feed = widths.slice(1).reduce((sum, to, i) => sum + (widths[i] as number) * to, 0);
  return mixing + patches * (joined * hidden + feed);
}
