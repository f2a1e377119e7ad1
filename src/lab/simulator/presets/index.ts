// Accelerators and their spaces by the names that commands take.
import { type Accelerator, presets } from '../accelerator.ts';
import { type AcceleratorSpace, acceleratorNumbered } from '../space.ts';
import { accelbench, accelbenchVectors } from './accelbench.ts';
import { elector, electorVectors, small } from './acceltran.ts';
import { snapped, type VectorSpace, vectorAccelerator } from './vectors.ts';

interface NamedSpace {
  readonly space: AcceleratorSpace;
  /** Where its accelerators have published vectors. */
  readonly vectors?: VectorSpace;
}

const all: readonly NamedSpace[] = [
  { space: small },
  { space: elector, vectors: electorVectors },
  { space: accelbench, vectors: accelbenchVectors },
];

export const acceleratorSpaces: ReadonlyMap<string, NamedSpace> = new Map(
  all.map((one) => [one.space.name, one]),
);

/**
 * A preset, or `<space>:<number>` or `<space>:<vector>` of a space; undefined for another name. `snap`: take the nearest vector
 * of the space. Throws `ConfigError` for a number or a vector outside of it.
 */
export function namedAccelerator(name: string, snap: boolean): Accelerator | undefined {
  const [kind = '', rest = ''] = name.split(/:(.*)/s);
  const { space, vectors } = acceleratorSpaces.get(kind) ?? {};
  if (!space) return presets.get(name);
  if (!vectors || /^\s*\d+\s*$/.test(rest)) return acceleratorNumbered(space, rest);
  const vector = rest.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const near = snap && vector.length === vectors.places.length && vector.every(Number.isFinite);
  return vectorAccelerator(vectors, near ? snapped(vectors, vector) : vector, 'gelu');
}
