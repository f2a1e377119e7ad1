// Plants faults at known positions into the newest part of a recording, so that it has labels.
import { CalibrationError } from '../../core/errors.ts';
import { rowOf, rowsBetween, type Series } from '../../core/series.ts';
import { createRandom, type Random } from '../../engine/random.ts';
import type { LabelledSegment, LabelledSeries } from '../series/labelled-series.ts';
import { channelSpread } from '../series/labelled-series.ts';
import { labelsOf } from '../series/segments.ts';

export const FAULT_KINDS = ['spike', 'level-shift', 'drift', 'flat-line', 'noise-burst'] as const;

type FaultKind = (typeof FAULT_KINDS)[number];

/** Share of the newest rows that is judged. */
const JUDGED = 0.3;
/** Rows per fault: about a tenth of the rows are anomalous. */
const ROWS_A_FAULT = 150;
/** So that each kind is planted once. */
const LEAST_ROWS = Math.ceil((FAULT_KINDS.length * ROWS_A_FAULT) / JUDGED);
const FAULT_ROWS = 20;
const SPIKE_ROWS = 2;
/** Sizes in standard deviations of the channel: from hard to see to obvious. */
const SIZES = [3, 1.5, 6];
/** One seed, so that all candidates are judged by the same faults. */
const SEED = 1;

/** The judged rows without and with faults. */
export interface PlantedRecording {
  readonly clean: Series;
  readonly labelled: LabelledSeries;
}

/**
 * Cuts off the newest rows and plants faults in them, each kind and size in turn. The same recording gives the same
 * bytes. Throws `CalibrationError` if the recording is too short for each kind.
 */
export function plantFaults(recording: Series, intervalMs: number): PlantedRecording {
  const rows = recording.timeMs.length;
  if (rows < LEAST_ROWS) {
    throw new CalibrationError(
      `'${recording.id}' has ${rows} rows, planting each kind of fault needs ${LEAST_ROWS}: record longer`,
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  const cut = Math.ceil(rows * (1 - JUDGED));
  const clean = rowsBetween(recording, cut, rows);
  const random = createRandom(SEED);
  const segments = planFaults(clean, random);
  const labelled = {
    id: recording.id,
    train: rowsBetween(recording, 0, cut),
    test: planted(clean, segments, random),
    labels: labelsOf(segments, clean.timeMs.length),
    segments: segments.map(({ start, end, kind, channels }) => ({ start, end, kind, channels })),
    intervalMs,
  };
  return { clean, labelled };
}

interface Fault extends LabelledSegment {
  readonly kind: FaultKind;
  readonly channels: readonly [number];
  /** In standard deviations, with its sign. */
  readonly size: number;
}

function planFaults({ timeMs, channels }: Series, random: Random): readonly Fault[] {
  const count = Math.floor(timeMs.length / ROWS_A_FAULT);
  return Array.from({ length: count }, (_, n) => {
    const kind = FAULT_KINDS[n % FAULT_KINDS.length] as FaultKind;
    const rows = kind === 'spike' ? SPIKE_ROWS : FAULT_ROWS;
    const start = n * ROWS_A_FAULT + random.integer(ROWS_A_FAULT - rows + 1);
    const size = SIZES[Math.floor(n / FAULT_KINDS.length) % SIZES.length] as number;
    const sign = random.uniform() < 0.5 ? -1 : 1;
    const channel = random.integer(channels.length);
    return { kind, start, end: start + rows, channels: [channel], size: sign * size };
  });
}

/** Returns a copy. Missing readings stay missing. */
function planted(series: Series, faults: readonly Fault[], random: Random): Series {
  const width = series.channels.length;
  const values = series.values.slice();
  const spreads = series.channels.map((_, channel) => channelSpread(series, channel));
  for (const { kind, start, end, channels, size } of faults) {
    const [channel] = channels;
    const readings = Array.from(
      { length: end - start },
      (_, i) => rowOf(series, start + i)[channel],
    );
    const first = readings.find(Number.isFinite) ?? Number.NaN;
    const amount = size * (spreads[channel] as number);
    for (let row = start; row < end; row++) {
      const at = row * width + channel;
      const share = (row - start + 1) / (end - start);
      values[at] = faulty(kind, { value: values[at] as number, first, amount, share, random });
    }
  }
  return { ...series, values };
}

interface Cell {
  readonly value: number;
  /** The channel's first reading in the fault; NaN where there is none. */
  readonly first: number;
  readonly amount: number;
  /** Progress through the fault, up to 1. */
  readonly share: number;
  readonly random: Random;
}

function faulty(kind: FaultKind, { value, first, amount, share, random }: Cell): number {
  switch (kind) {
    case 'spike':
    case 'level-shift':
      return value + amount;
    case 'drift':
      return value + amount * share;
    case 'flat-line':
      return Number.isNaN(value) ? value : first;
    case 'noise-burst':
      return value + amount * random.normal();
  }
}
