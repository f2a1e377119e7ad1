import type { Random } from '../../../../engine/random.ts';
import type { Candidates } from '../../contract.ts';

/** The candidate that has each choice of the one or of the other; undefined where there is none such. */
export function crossed(
  { choices: { sizes, values }, find }: Candidates,
  one: number,
  other: number,
  random: Random,
): number | undefined {
  const places = sizes.length;
  return find(
    Array.from({ length: places }, (_, place) => {
      const parent = random.uniform() < 0.5 ? one : other;
      return values[parent * places + place] as number;
    }),
  );
}
