// How much of each layer is removed, and which whole numbers of columns that gives.
//
// Notation   L layers, s importance of a layer, phi share of its columns that is removed
// Lin et al. 2024, "MoDeGPT: modular decomposition for large language model compression", section 3.3: maximise
// sum s_l (1 - phi_l) + eps H(phi) with mean(phi) fixed, so that phi = L mean(phi) softmax(-s / eps).

/** A layer keeps at least a fifth of its columns. */
export const MOST_REMOVED = 0.8;

/** phi (L,): the mean is `ratio` unless all layers are at the cap. Throws `RangeError` unless 0 <= ratio <= cap. */
export function removedShares(
  importance: readonly number[],
  ratio: number,
  temperature: number,
  cap = MOST_REMOVED,
): readonly number[] {
  if (!(ratio >= 0 && ratio <= cap)) throw new RangeError(`the ratio is ${ratio}, at most ${cap}`);
  const least = Math.min(...importance);
  const weights = importance.map((s) => Math.exp(-(s - least) / temperature));
  const shares = importance.map(() => 0);
  let open = importance.map((_, l) => l);
  let left = importance.length * ratio;
  // What exceeds the cap goes to the layers below it, in the same proportions; each turn caps one layer or ends.
  while (open.length > 0 && left > 0) {
    const total = open.reduce((sum, l) => sum + (weights[l] as number), 0);
    const share = (l: number) =>
      total > 0 ? (left * (weights[l] as number)) / total : left / open.length;
    const over = open.filter((l) => share(l) > cap);
    for (const l of over.length > 0 ? over : open) shares[l] = Math.min(cap, share(l));
    if (over.length === 0) break;
    left -= over.length * cap;
    open = open.filter((l) => !over.includes(l));
  }
  return shares;
}

/** A part whose columns are chosen. */
export interface PartSize {
  /** Columns now. */
  readonly columns: number;
  /** Fewest columns that it may keep. */
  readonly least: number;
  /** Parameters that one column has. */
  readonly cost: number;
  /** phi. */
  readonly removed: number;
}

/**
 * Columns that each part keeps. Above `round` columns they are multiples of it, because products take as long for 33 to 47
 * columns as for 48. What rounding keeps too many of in one part, in parameters, the next parts lose.
 */
export function keptColumns(parts: readonly PartSize[], round: number): readonly number[] {
  let surplus = 0;
  return parts.map(({ columns, least, cost, removed }) => {
    if (removed === 0) return columns;
    const wanted = (1 - removed) * columns;
    const step = columns > round ? round : 1;
    const rounded = Math.round((wanted - surplus / cost) / step) * step;
    const kept = Math.min(columns, Math.max(least, Math.min(step, columns), rounded));
    surplus += (kept - wanted) * cost;
    return kept;
  });
}
