// Readers of edges on input lines, and the chip whose lines they read.
import { SourceError } from '../../../core/errors.ts';

/** One input line and its settings. */
export interface Line {
  /** Offset on the chip (on a Pi the BCM number), or the kernel's name of the line, e.g. GPIO17. */
  readonly line: number | string;
  /** A low voltage counts as active. */
  readonly activeLow: boolean;
  readonly bias: 'as-is' | 'disabled' | 'pull-up' | 'pull-down';
  /** Debounce: shorter pulses are ignored, milliseconds; 0 = none. */
  readonly debounceMs: number;
}

/** 1 = active. */
export type Level = 0 | 1;

export interface Edge {
  /** Place of the line among those that were opened. */
  readonly index: number;
  /** The line became active. */
  readonly rising: boolean;
  /** On the clock of `monotonicMs`. */
  readonly atMs: number;
}

export interface OpenLines {
  /** Level of each line at the time of opening. */
  readonly levels: readonly Level[];
  /**
   * Calls `onEdge` until the signal aborts, then releases the lines and resolves. Throws `SourceError` when the reader ends
   * by itself.
   */
  watch(onEdge: (edge: Edge) => void, signal: AbortSignal): Promise<void>;
}

/** A reader of edges; tests have one that needs no Pi. */
export interface EdgeReader {
  /** Throws `DeviceError` when this reader cannot work here, `SourceError` when the lines cannot be opened now. */
  open(lines: readonly Line[], signal: AbortSignal): Promise<OpenLines>;
}

/** CLOCK_MONOTONIC, which the kernel uses for edges and Node for `hrtime`, milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Pi 5, Pi 4, and earlier ones. By label, because numbers of chips change from kernel to kernel. */
const HEADER_LABELS: readonly string[] = ['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835'];

/** Name for the chip of the pin header, whichever it is. */
export const HEADER = 'header';

interface Labelled {
  readonly label: string;
}

/** The chip with that label, or the one of the header. Throws `SourceError` that names the existing labels. */
export function chipByLabel<Chip extends Labelled>(chips: readonly Chip[], wanted: string): Chip {
  const labels = wanted === HEADER ? HEADER_LABELS : [wanted];
  const found = chips.find(({ label }) => labels.includes(label));
  if (found) return found;
  const there = chips.map(({ label }) => label).join(', ') || 'no chip at all';
  throw new SourceError(
    `source gpio: found ${there}, expected ${labels.join(' or ')}: set chip to the label of the one you mean`,
    { code: 'SEN_SRC_GPIO_CHIP' },
  );
}
