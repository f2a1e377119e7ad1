// The work of a network, counted from its design and from its recorded tape; nothing here is measured.
import type { Tape } from '../../engine/tape/tape.ts';
import { groupsOf, headWidthOf, nameOf } from '../../models/design-point.ts';
import { encoderMacs } from '../../models/encoder.ts';
import { opOf } from '../../models/encoder-ops.ts';
import { type ProfiledNetwork, recordNetwork } from './network.ts';

/** Memory traffic and number of steps. */
export interface Traffic {
  /** Inputs and outputs of all steps, float32. */
  readonly bytes: number;
  /** Steps; each is one or a few calls into the kernels. */
  readonly calls: number;
  readonly parameterBytes: number;
}

export interface Work extends Traffic {
  /** Multiplications by operation of the heads (`nameOf`), their own projections included. */
  readonly headMacs: ReadonlyMap<string, number>;
  /** All other multiplications: embedding, feed-forward, projections from layer to layer, the forecast. */
  readonly otherMacs: number;
}

/** Work of one inference. Throws `ConfigError` for invalid shapes. */
export function workOf(network: ProfiledNetwork): Work {
  const { point, rows, width, patch, horizon } = network;
  const { tape } = recordNetwork(network);
  const headMacs = headMacsOf(network);
  const inHeads = [...headMacs.values()].reduce((sum, macs) => sum + macs, 0);
  const forecast = (point.layers.at(-1)?.hidden ?? 0) * horizon * width;
  const otherMacs = encoderMacs(point, { rows, width, patch }) + forecast - inHeads;
  return { headMacs, otherMacs, ...trafficOf(tape) };
}

export function trafficOf({ steps, parameters }: Pick<Tape, 'steps' | 'parameters'>): Traffic {
  const elements = steps.reduce(
    (sum, { inputs, output }) => inputs.reduce((all, { size }) => all + size, sum + output.size),
    0,
  );
  const weights = parameters.reduce((sum, { size }) => sum + size, 0);
  return { bytes: 4 * elements, calls: steps.length, parameterBytes: 4 * weights };
}

function headMacsOf({ point, rows, patch }: ProfiledNetwork): Map<string, number> {
  const found = new Map<string, number>();
  for (const layer of point.layers) {
    const { hidden } = layer;
    const width = headWidthOf(layer);
    for (const group of groupsOf(layer.heads)) {
      const macs = opOf(group[0]).macs(rows / patch, hidden, group, width);
      const name = nameOf(group[0]);
      found.set(name, (found.get(name) ?? 0) + macs);
    }
  }
  return found;
}
