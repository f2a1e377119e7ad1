// How much the output of a network changes when a part of it is narrowed.
import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import type { Model } from '../../../models/model.ts';
import { restoreWeights } from '../../../models/network-weights.ts';
import type { CalibratedNetwork } from '../calibrated-networks.ts';
import type { CompressionContext } from '../contract.ts';

/** Windows on which outputs are compared. */
const COMPARED = 64;

/** What a narrowed network is compared with. */
interface Whole<Point> {
  readonly network: CalibratedNetwork<Point>;
  readonly tensors: Model['tensors'];
}

interface Lean<Point> {
  readonly point: Point;
  readonly tensors: Model['tensors'];
}

/** How much the output changes when each of the parts alone loses this share: mean squared differences, as shares of their sum. */
export function sensitivities<Point>(
  whole: Whole<Point>,
  parts: number,
  share: number,
  { kernels }: CompressionContext,
  narrowed: (shares: readonly number[]) => Lean<Point>,
): readonly number[] {
  const { network, tensors } = whole;
  const wanted = outputsOf(network, { point: network.point, tensors }, kernels);
  const none = Array.from({ length: parts }, () => 0);
  return inParts(
    none.map((_, part) =>
      squaredDifference(wanted, outputsOf(network, narrowed(none.with(part, share)), kernels)),
    ),
  );
}

/** Of up to `COMPARED` windows, one after the other. */
function outputsOf<Point>(
  { name, inputs, record }: CalibratedNetwork<Point>,
  { point, tensors }: Lean<Point>,
  kernels: Kernels,
): readonly number[] {
  const { tape, input, output } = record(point, 1);
  const program = kernels.compile(tape, { outputs: [output] });
  restoreWeights(program.parameters, tensors, name);
  const count = Math.min(COMPARED, inputs.count);
  return Array.from({ length: count }, (_, i) => {
    inputs.fill(Math.floor((i * inputs.count) / count), program.valuesOf(input));
    program.forward();
    return [...program.valuesOf(output)];
  }).flat();
}

function squaredDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length;
}

/** As shares of their sum. */
function inParts(errors: readonly number[]): readonly number[] {
  const total = errors.reduce((sum, error) => sum + error, 0);
  return errors.map((error) => (total > 0 ? error / total : 0));
}
