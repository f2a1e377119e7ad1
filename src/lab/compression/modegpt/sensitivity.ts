// How much the output of a network changes when a part of it is narrowed.
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

/** How much the output changes when each of the parts alone loses this share, as shares of the sum. */
export function sensitivities<Point>(
  { network, tensors }: Whole<Point>,
  parts: number,
  share: number,
  context: CompressionContext,
  narrowed: (shares: readonly number[]) => Lean<Point>,
): readonly number[] {
  const none = Array.from({ length: parts }, () => 0);
  return inParts(
    none.map((_, part) => outputError(network, tensors, narrowed(none.with(part, share)), context)),
  );
}

/** Mean squared difference of the outputs of the whole and of the narrowed network. */
function outputError<Point>(
  network: CalibratedNetwork<Point>,
  tensors: Model['tensors'],
  lean: Lean<Point>,
  { kernels }: CompressionContext,
): number {
  const { name, inputs } = network;
  const [whole, narrow] = [{ point: network.point, tensors }, lean].map((own) => {
    const { tape, input, output } = network.record(own.point, 1);
    const program = kernels.compile(tape, { outputs: [output] });
    restoreWeights(program.parameters, own.tensors, name);
    return (place: number): Float32Array => {
      inputs.fill(place, program.valuesOf(input));
      program.forward();
      return program.valuesOf(output);
    };
  }) as [(place: number) => Float32Array, (place: number) => Float32Array];
  const count = Math.min(COMPARED, inputs.count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const place = Math.floor((i * inputs.count) / count);
    const wanted = whole(place);
    sum += narrow(place).reduce((all, y, c) => all + (y - (wanted[c] as number)) ** 2, 0);
  }
  return sum / count;
}

/** As shares of their sum. */
function inParts(errors: readonly number[]): readonly number[] {
  const total = errors.reduce((sum, error) => sum + error, 0);
  return errors.map((error) => (total > 0 ? error / total : 0));
}
