// Accelerators of published spaces by the vectors of numbers that name them there.
import { ConfigError } from '../../../core/errors.ts';
import type { Accelerator } from '../accelerator.ts';
import { type AcceleratorSpace, acceleratorAt, numberAt, placesOf, spaceSize } from '../space.ts';

export interface VectorSpace {
  /** Whose space it is, for messages. */
  readonly owner: string;
  readonly space: AcceleratorSpace;
  /**
   * Names of places of the space, in the order of the vector. One that is named twice has the same value at both; a memory is
   * the number of its row from 0 on. The non-linearity lies beside the vectors.
   */
  readonly places: readonly string[];
}

/** Vectors that there are. */
export function vectorCount({ space }: VectorSpace): number {
  return spaceSize(space) / space.choices.nonLinearity.length;
}

/** Values of each number of a vector. */
function allowedIn({ space, places }: VectorSpace): readonly (readonly number[])[] {
  const values = new Map(placesOf(space).map((place) => [place.name, place.values]));
  return places.map((name) => {
    const all = values.get(name) ?? [];
    return name === 'memory' ? [...all.keys()] : (all as readonly number[]);
  });
}

/** The nearest vector of the space, the lower of two that are as near. What lies in it stays as it is. */
export function snapped(vectors: VectorSpace, vector: readonly number[]): readonly number[] {
  const near = allowedIn(vectors).map((allowed, i) => nearest(allowed, vector[i] ?? Number.NaN));
  return vectors.places.map((name) => near[vectors.places.indexOf(name)] as number);
}

function nearest(allowed: readonly number[], value: number): number {
  const apart = (other: number): number => Math.abs(other - value);
  return allowed.reduce((best, other) => (apart(other) < apart(best) ? other : best));
}

/** Throws `ConfigError` that names the first place outside of the space. */
export function vectorAccelerator(
  vectors: VectorSpace,
  vector: readonly number[],
  nonLinearity: Accelerator['nonLinearity'],
): Accelerator {
  const { space, places } = vectors;
  const found = snapped(vectors, vector);
  const wrong = found.findIndex((value, place) => value !== vector[place]);
  if (wrong >= 0 || vector.length !== places.length) {
    throw outside(vectors, vector, wrong >= 0 ? wrong : places.length);
  }
  const allowed = allowedIn(vectors);
  const choices = placesOf(space).map(({ name, values }) => {
    const at = places.indexOf(name);
    if (name === 'nonLinearity') return values.indexOf(nonLinearity);
    return at < 0 ? 0 : (allowed[at]?.indexOf(found[at] as number) ?? 0);
  });
  const accelerator = acceleratorAt(space, numberAt(space, choices));
  return { ...accelerator, name: `${space.name}:${found.join(',')}` };
}

function outside(vectors: VectorSpace, vector: readonly number[], place: number): ConfigError {
  const { owner, places } = vectors;
  const first = places.indexOf(places[place] ?? '');
  const expected =
    first >= 0 && first < place
      ? `the value of place ${first + 1}`
      : (allowedIn(vectors)[place]?.join(', ') ?? `no more than ${places.length} numbers`);
  return new ConfigError(
    `the vector ${vector.join(',')} is outside of ${owner}'s space: found ${vector[place]} at place ${place + 1}, expected ${expected}: correct it, or add --snap`,
    { code: 'SEN_CFG_ACCELERATOR' },
  );
}
