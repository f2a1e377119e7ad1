// The channels that contribute to an anomaly, in their own units.
import type { AlertChannel } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import type { Channel } from '../../core/sample.ts';
import type { Window } from '../../core/window.ts';
import type { ScalerState } from '../../models/model.ts';

export interface Attribution {
  readonly channels: readonly Channel[];
  readonly scaler: ScalerState;
  /** Channels at most. */
  readonly limit: number;
}

/**
 * The channels with the greatest shares of the detector's score, greatest first; those without a share are left out. Shares sum to at most 1:
 * negative contributions count as 0, and the others are scaled down if they exceed the score.
 */
export function attribute(
  window: Window,
  score: Score,
  { channels, scaler, limit }: Attribution,
): AlertChannel[] {
  const parts = Array.from(score.perChannel, (part) => Math.max(part, 0));
  const whole = Math.max(
    score.value,
    parts.reduce((sum, part) => sum + part, 0),
  );
  return channels
    .map(({ id, unit }, c) => ({
      id,
      unit,
      share: whole > 0 ? (parts[c] ?? 0) / whole : 0,
      value: reading(window.latest[c]),
      expected: reading(inUnits(score.expected?.[c], c, scaler)),
    }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, limit);
}

/** A scaled value in the unit of its channel. */
export function inUnits(
  scaled: number | undefined,
  c: number,
  scaler: ScalerState,
): number | undefined {
  if (scaled === undefined) return undefined;
  return scaled * (scaler.scale[c] ?? Number.NaN) + (scaler.offset[c] ?? Number.NaN);
}

/** null = no reading. */
export function reading(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
