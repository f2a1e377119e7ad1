// How much of each layer or part is removed, and which whole numbers of columns that gives.

/** A part keeps at least a fifth of its columns. */
export const MOST_REMOVED = 0.8;

// By the importance of layers.
//
// Notation   L layers, s importance of a layer, phi share of its columns that is removed
// Lin et al. 2024, "MoDeGPT: modular decomposition for large language model compression", section 3.3: maximise
// sum s_l (1 - phi_l) + eps H(phi) with mean(phi) fixed, so that phi = L mean(phi) softmax(-s / eps).

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

// By the errors of parts. Our choice: the paper takes the same share of all parts of a layer.
//
// Notation   n parameters of a part, e error of the output where the part alone loses the share r, phi share that is removed.
//            Errors are taken to grow with the cube of the share, since the columns that matter least go first, and to add up:
//            minimise sum e_p (phi_p / r)^3 with sum n_p phi_p = r sum n_p, so that phi_p ~ sqrt(n_p / e_p).

/** A part whose columns are chosen. */
export interface PartSize {
  /** Columns now. */
  readonly columns: number;
  /** Fewest columns that it may keep. */
  readonly least: number;
  /** Parameters that one column has. */
  readonly cost: number;
}

/** Least error, as a share of the sum: a part without any may lose what others cannot. */
const LEAST_ERROR = 1e-6;

const BISECTIONS = 100;

/** phi (P,), at most `MOST_REMOVED`: removes the share `ratio` of all parameters. `errors` (P,) as shares of their sum. */
export function sharesByError(
  parts: readonly PartSize[],
  errors: readonly number[],
  ratio: number,
): readonly number[] {
  const numbers = parts.map(({ columns, cost }) => columns * cost);
  const wanted = numbers.map((n, p) => Math.sqrt(n / Math.max(errors[p] as number, LEAST_ERROR)));
  const sharesAt = (factor: number) => wanted.map((one) => Math.min(MOST_REMOVED, factor * one));
  const removedAt = (factor: number) =>
    sharesAt(factor).reduce((sum, share, p) => sum + share * (numbers[p] as number), 0);
  const total = ratio * numbers.reduce((sum, n) => sum + n, 0);
  // At the second end all parts are at the cap.
  let [low, high] = [0, MOST_REMOVED / Math.min(...wanted)];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (removedAt(middle) < total) low = middle;
    else high = middle;
  }
  return sharesAt(high);
}

/**
 * Columns that each part keeps, where `removed` (P,) are the shares that they lose. Above `round` columns they are multiples of it, because products take as long for 33 to 47
 * columns as for 48. What rounding keeps too many of in one part, in parameters, the next parts lose.
 */
export function keptColumns(
  parts: readonly PartSize[],
  removed: readonly number[],
  round: number,
): readonly number[] {
  let surplus = 0;
  return parts.map(({ columns, least, cost }, p) => {
    const share = removed[p] as number;
    if (share === 0) return columns;
    const wanted = (1 - share) * columns;
    const step = columns > round ? round : 1;
    const rounded = Math.round((wanted - surplus / cost) / step) * step;
    const kept = Math.min(columns, Math.max(least, Math.min(step, columns), rounded));
    surplus += (kept - wanted) * cost;
    return kept;
  });
}
