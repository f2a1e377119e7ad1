// The encoder of three layers of width 64, which compressions are judged on beside the small default.
import type { DesignPoint } from '../../src/models/design-point.ts';

const head = { op: 'attention', form: 'scaled' } as const;

/** Layers of a network, of which a share of the widths inside is left: what a smaller design would be from the start. */
export function layersOf(hidden: number, count: number, left: number): DesignPoint {
  const headWidth = Math.max(1, Math.round((left * hidden) / 2));
  const feed = Math.max(4, Math.round(left * 2 * hidden));
  const layer = { hidden, headWidth, heads: [head, head], feedForward: [feed] };
  return { layers: Array.from({ length: count }, () => layer) };
}

export const WIDE_POINT: DesignPoint = layersOf(64, 3, 1);
