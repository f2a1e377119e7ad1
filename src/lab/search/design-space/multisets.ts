// Lists that are counted and made the same way: multisets, where the order is nothing, and tuples, where it is something.

/** All multisets of so many items, (n + k - 1 choose k) of them, each in the order of the items; the first item first. */
export function multisets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) =>
    multisets(items.slice(i), size - 1).map((rest) => [item, ...rest]),
  );
}

/** All n^k tuples, the last place running fastest. */
export function tuples<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  const rest = tuples(items, size - 1);
  return items.flatMap((item) => rest.map((others) => [item, ...others]));
}

/** Size of `multisets`, exact. */
export function countMultisets(items: number, size: number): bigint {
  let count = 1n;
  // (n)(n + 1) ... (n + k - 1) / k!, which divides at each step.
  for (let i = 1; i <= size; i++) count = (count * BigInt(items + i - 1)) / BigInt(i);
  return count;
}
