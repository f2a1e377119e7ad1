// Some columns of points as one of the learners sees them.
import type { Points } from '../regressor.ts';
import { type Frame, frameOf, intoFrame } from './scaling.ts';

export interface View {
  /** Columns that it sees. */
  readonly width: number;
  /** (rows, width) of whole points, (rows, all). */
  of(values: Float64Array): Float64Array;
  /** Adds a gradient by what it sees, (rows, width) and maybe longer, to one by whole points. */
  addTo(gradients: Float64Array, own: Float64Array): void;
}

export interface Views {
  readonly networksSee: View;
  readonly trendSees: View;
}

/** Of points that have columns of `parts` for the networks, then of `effects` for the trend; without these it sees the same. */
export function viewsOf(
  space: Points,
  parts: readonly number[],
  effects: readonly number[],
): Views {
  const { width } = space;
  const own = total(parts);
  const { of } = plainView(0, own, width);
  const frame = frameOf({ values: of(space.values), width: own }, parts);
  const networksSee = framedView(frame, width);
  const trendSees = effects.length > 0 ? plainView(own, total(effects), width) : networksSee;
  return { networksSee, trendSees };
}

export function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0);
}

/** The first columns of `all`, in the frame. */
function framedView(frame: Frame, all: number): View {
  const { width, of, addTo } = plainView(0, frame.unit.length, all);
  return {
    width,
    of: (values) => intoFrame(frame, of(values)),
    addTo: (gradients, own) =>
      addTo(
        gradients,
        own.map((value, i) => value / (frame.unit[i % width] as number)),
      ),
  };
}

/** `width` columns of `all`, as they are. */
function plainView(from: number, width: number, all: number): View {
  return {
    width,
    of(values) {
      const rows = values.length / all;
      const own = new Float64Array(rows * width);
      for (let row = 0; row < rows; row++) {
        const start = row * all + from;
        own.set(values.subarray(start, start + width), row * width);
      }
      return own;
    },
    addTo(gradients, own) {
      for (let row = 0; row < gradients.length / all; row++) {
        const into = gradients.subarray(row * all + from, row * all + from + width);
        for (let i = 0; i < width; i++) {
          into[i] = (into[i] as number) + (own[row * width + i] as number);
        }
      }
    },
  };
}
