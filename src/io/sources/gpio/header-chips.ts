// Which chip the pins of a Pi's header belong to. By label, because numbers change from kernel to kernel.
import { SourceError } from '../../../core/errors.ts';

/** Pi 5, Pi 4, and everything before. */
const HEADER_LABELS: readonly string[] = ['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835'];

/** Chip as the user names it when it is to be found. */
export const HEADER = 'header';

interface Labelled {
  readonly label: string;
}

/** The chip with that label, or the one of the header. Throws `SourceError` naming the labels there are. */
export function chipByLabel<Chip extends Labelled>(chips: readonly Chip[], wanted: string): Chip {
  const labels = wanted === HEADER ? HEADER_LABELS : [wanted];
  const found = chips.find(({ label }) => labels.includes(label));
  if (found) return found;
  const there = chips.map(({ label }) => label).join(', ') || 'no chip at all';
  throw new SourceError(
    `source gpio: found ${there}, expected ${labels.join(' or ')}: set chip to the label of the one you mean`,
  );
}
