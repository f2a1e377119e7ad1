// One discriminator of a GON at work: two distances between the newest rows and what D calls normal.
// Hot: index arithmetic and reused buffers, one window costs two calls into the kernels and no allocation.
//
// Notation   T rows, C channels, n = T*C inputs, x the observed window, z the optimised one, M remembered windows.
import type {
  BacktrackingAscent,
  DiscriminatorKernels,
  Kernels,
  NeighbourKernels,
} from '../../engine/discriminator-kernels.ts';
import { fromTensors, tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import {
  type GonDesign,
  type MemberShape,
  memAscent,
  prefixOf,
  recAscent,
  shapeOf,
} from './gon-design.ts';

/** A distance, its parts and where it led. Owned by the member: valid until the next measurement. */
export interface Distance {
  /** Mean squared distance between x and z over all n cells. */
  value: number;
  /** (C,) sums to `value`. */
  readonly perChannel: Float64Array;
  /** (C,) newest row of z. */
  readonly expected: Float32Array;
}

export class GonMember {
  readonly rec: Distance;
  readonly mem: Distance;
  readonly #kernels: DiscriminatorKernels;
  readonly #inputs: number;
  readonly #memory: NeighbourKernels;
  readonly #memoryRows: number;
  readonly #recAscent: BacktrackingAscent;
  readonly #memAscent: BacktrackingAscent;

  constructor(
    model: Pick<Model, 'channels' | 'tensors'>,
    design: Omit<GonDesign, 'members'>,
    member: MemberShape,
    kernels: Kernels,
  ) {
    const width = model.channels.length;
    const shape = shapeOf(member, design.slope, width);
    this.#inputs = shape.inputs;
    this.#kernels = kernels.discriminator(shape, 1);
    fromTensors(model.tensors, prefixOf(member), this.#kernels.weights);
    this.#memoryRows = member.memory;
    this.#memory = kernels.neighbours({
      inputs: shape.inputs,
      maxRows: member.memory,
      maxBatch: 1,
      maxNeighbours: 1,
    });
    const cells = member.memory * shape.inputs;
    this.#memory.rows.set(tensorOf(model.tensors, `${prefixOf(member)}.memory`, cells).data);
    this.#recAscent = recAscent(design);
    this.#memAscent = memAscent(design);
    this.rec = emptyDistance(width);
    this.mem = emptyDistance(width);
  }

  /** Measures the newest T rows of `values`, (>= T, C) row-major; the results stand in `rec` and `mem`. */
  measure(values: Float32Array): void {
    const { x, z } = this.#kernels;
    const start = values.length - this.#inputs;
    for (let i = 0; i < this.#inputs; i += 1) {
      const value = values[start + i] as number;
      x[i] = value;
      z[i] = value;
    }
    this.#kernels.ascend(1, this.#recAscent);
    read(this.rec, x, z, this.#inputs);
    this.#startAtNearest(x, z);
    this.#kernels.ascend(1, this.#memAscent);
    read(this.mem, x, z, this.#inputs);
  }

  /** z becomes the remembered window nearest to x. */
  #startAtNearest(x: Float32Array, z: Float32Array): void {
    const { rows, indices } = this.#memory;
    this.#memory.x.set(x);
    this.#memory.search(1, this.#memoryRows, 1);
    const at = (indices[0] as number) * this.#inputs;
    for (let i = 0; i < this.#inputs; i += 1) z[i] = rows[at + i] as number;
  }
}

function emptyDistance(width: number): Distance {
  return { value: 0, perChannel: new Float64Array(width), expected: new Float32Array(width) };
}

function read(into: Distance, x: Float32Array, z: Float32Array, inputs: number): void {
  const { perChannel, expected } = into;
  const width = perChannel.length;
  perChannel.fill(0);
  for (let i = 0; i < inputs; i += width) {
    for (let c = 0; c < width; c += 1) {
      const d = (x[i + c] as number) - (z[i + c] as number);
      perChannel[c] = (perChannel[c] as number) + (d * d) / inputs;
    }
  }
  into.value = 0;
  for (let c = 0; c < width; c += 1) into.value += perChannel[c] as number;
  for (let c = 0; c < width; c += 1) expected[c] = z[inputs - width + c] as number;
}
