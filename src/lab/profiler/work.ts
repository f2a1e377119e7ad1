// The work of a network, counted from its design and from its recorded tape; nothing here is measured.
import type { Tape } from '../../engine/tape/tape.ts';
import { familyOf, networkFamilies } from '../../models/network-family.ts';
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
  /** Multiplications by operation of the family, their own projections included. */
  readonly operations: ReadonlyMap<string, number>;
  /** All other multiplications: plain projections, and the forecast. */
  readonly otherMacs: number;
}

/** Work of one inference. Throws `ConfigError` for invalid shapes. */
export function workOf(network: ProfiledNetwork): Work {
  const { tape } = recordNetwork(network);
  return { ...productsOf(network), ...trafficOf(tape) };
}

/** All multiplications of a network, the forecast included. */
export function macsOf(network: ProfiledNetwork): number {
  const { operations, otherMacs } = productsOf(network);
  return [...operations.values()].reduce((sum, macs) => sum + macs, otherMacs);
}

function productsOf({
  point,
  rows,
  width,
  patch,
  horizon,
}: ProfiledNetwork): Pick<Work, 'operations' | 'otherMacs'> {
  const family = familyOf(point);
  const { operations, others } = family.work(point, { rows, width, patch });
  return { operations, otherMacs: others + family.width(point) * horizon * width };
}

export function trafficOf({ steps, parameters }: Pick<Tape, 'steps' | 'parameters'>): Traffic {
  const elements = steps.reduce(
    (sum, { inputs, output }) => inputs.reduce((all, { size }) => all + size, sum + output.size),
    0,
  );
  const weights = parameters.reduce((sum, { size }) => sum + size, 0);
  return { bytes: 4 * elements, calls: steps.length, parameterBytes: 4 * weights };
}

/** The rate of plain products. */
export const PROJECTION = 'projection';

const RATE_OF = new Map(
  [...networkFamilies.values()].flatMap(({ operations }) =>
    operations.map(({ name, rate }) => [name, rate] as const),
  ),
);

/** Multiplications by their rate; all others are projections. */
export function macsByRate({
  operations,
  otherMacs,
}: Pick<Work, 'operations' | 'otherMacs'>): ReadonlyMap<string, number> {
  const rates = new Map([[PROJECTION, otherMacs]]);
  for (const [name, macs] of operations) {
    const rate = RATE_OF.get(name) ?? PROJECTION;
    rates.set(rate, (rates.get(rate) ?? 0) + macs);
  }
  return rates;
}
