// How much more often two tokens follow each other than if they knew nothing of one another.
// Tuli et al. 2024, "DynaMo: accelerating language model inference with dynamic multi-token sampling", eq. 3.
//
// Notation   N samples, n steps, C channels, K tokens, p(a, b) share of the pairs in which b follows a
//
// Departs from DynaMo: sequences of three and more are weighed by their pairs, a chain of the first order, because
// counts of triples are K times the memory and mostly 0.

/** Added to each count, so that what training never saw is rare and not impossible. */
const SMOOTHING = 0.1;

/** Tokens (N, n, C) of steps that follow each other; the result is p(a, b) / (p(a) p(b)), (C, K, K). */
export function cooccurrence(
  tokens: Uint8Array,
  {
    steps,
    width,
    kinds,
  }: { readonly steps: number; readonly width: number; readonly kinds: number },
): Float32Array {
  const counts = new Float64Array(width * kinds * kinds).fill(SMOOTHING);
  const samples = tokens.length / (steps * width);
  for (let sample = 0; sample < samples; sample += 1) {
    for (let i = 0; i + 1 < steps; i += 1) {
      const from = (sample * steps + i) * width;
      for (let c = 0; c < width; c += 1) {
        const [a, b] = [tokens[from + c] as number, tokens[from + width + c] as number];
        const at = (c * kinds + a) * kinds + b;
        counts[at] = (counts[at] as number) + 1;
      }
    }
  }
  const ratios = new Float32Array(counts.length);
  for (let c = 0; c < width; c += 1) {
    const cells = [c * kinds * kinds, (c + 1) * kinds * kinds] as const;
    writeRatios(ratios.subarray(...cells), counts.subarray(...cells), kinds);
  }
  return ratios;
}

function writeRatios(ratios: Float32Array, counts: Float64Array, kinds: number): void {
  const first = new Float64Array(kinds);
  const second = new Float64Array(kinds);
  let total = 0;
  counts.forEach((count, i) => {
    const [a, b] = [Math.floor(i / kinds), i % kinds];
    first[a] = (first[a] as number) + count;
    second[b] = (second[b] as number) + count;
    total += count;
  });
  counts.forEach((count, i) => {
    const alone = (first[Math.floor(i / kinds)] as number) * (second[i % kinds] as number);
    ratios[i] = (count * total) / alone;
  });
}
