// Heights of scores above the baseline.

/** Greater ones would overflow. */
const GREATEST_LOGARITHM = 200;

export interface HeightScale {
  /** Height of a score above what is usual. */
  readonly of: (score: number, usual: number) => number;
  /** Difference of score and usual that has this height. */
  readonly difference: (height: number, usual: number) => number;
  /** Makes a height greater; `ordinary` is one that a normal score in a hundred exceeds. */
  readonly grow: (height: number, factor: number, ordinary: number) => number;
}

const linear: HeightScale = {
  of: (score, usual) => score - usual,
  difference: (height) => height,
  grow: (height, factor) => factor * height,
};

/**
 * Where scores are logarithms, heights are differences of what they are logarithms of. A difference of logarithms is a ratio:
 * the same fault adds less to them the higher the baseline is, and a level learnt over a low one would never be reached.
 * They grow by their logarithms, because heights of faults differ by orders of magnitude.
 */
const logarithmic: HeightScale = {
  of: (score, usual) => linearised(score) - linearised(usual),
  difference: (height, usual) => Math.log1p(height + linearised(usual)) - usual,
  grow: (height, factor, ordinary) =>
    ordinary > 0 ? ordinary * Math.expm1(factor * Math.log1p(height / ordinary)) : factor * height,
};

export const heightScaleOf = (scores: { readonly logarithmic: boolean }): HeightScale =>
  scores.logarithmic ? logarithmic : linear;

function linearised(score: number): number {
  return Math.expm1(Math.min(score, GREATEST_LOGARITHM));
}
