/**
 * P-values corrected for being several: reject those at most alpha, and the chance of any false rejection is at most
 * alpha. In the order given. Holm 1979, "A simple sequentially rejective multiple test procedure".
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = [...pValues.keys()].sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  const adjusted = new Array<number>(pValues.length);
  let floor = 0;
  order.forEach((index, place) => {
    floor = Math.max(floor, Math.min(1, (pValues.length - place) * (pValues[index] as number)));
    adjusted[index] = floor;
  });
  return adjusted;
}
