import { hash } from 'node:crypto';
import type { DesignGraph } from '../../../../src/lab/search/design-space/graph.ts';

/** Hexadecimal digits of a colour: 64 bits. */
const DIGITS = 16;

/**
 * The same for graphs that differ in the numbering of their nodes only, and another one for any that colour refinement tells
 * apart. Weisfeiler and Lehman 1968, "The reduction of a graph to canonical form": each node takes the colours of its
 * neighbours into its own until nodes no longer part.
 *
 * Departs from FlexiBERT, which refines five times: nodes of long encoders part later.
 */
export function graphHash({ nodes, edges }: DesignGraph): string {
  const before: number[][] = nodes.map(() => []);
  const after: number[][] = nodes.map(() => []);
  for (const [from, to] of edges) {
    before[to]?.push(from);
    after[from]?.push(to);
  }
  let colours = nodes.map(({ label }) => label);
  let kinds = 0;
  for (let parted = countKinds(colours); parted > kinds; parted = countKinds(colours)) {
    kinds = parted;
    colours = refine(colours, before, after);
  }
  return colourOf(colours.sort().join());
}

function refine(
  colours: readonly string[],
  before: readonly (readonly number[])[],
  after: readonly (readonly number[])[],
): string[] {
  const seen = (numbers: readonly number[] = []) =>
    numbers
      .map((number) => colours[number])
      .sort()
      .join();
  return colours.map((colour, i) => colourOf(`${colour}<${seen(before[i])}>${seen(after[i])}`));
}

function colourOf(content: string): string {
  return hash('sha256', content).slice(0, DIGITS);
}

function countKinds(colours: readonly string[]): number {
  return new Set(colours).size;
}
