/** Caches the result for each number, as long as the function exists. */
export function memoize<T>(compute: (number: number) => T): (number: number) => T {
  const results = new Map<number, T>();
  return (number) => {
    const known = results.get(number);
    if (known !== undefined) return known;
    const result = compute(number);
    results.set(number, result);
    return result;
  };
}
