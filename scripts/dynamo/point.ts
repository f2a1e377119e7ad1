// What a policy came to on a series, and the files it is kept in: results/curves/dynamo-<set>.json.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Measured {
  readonly policy: string;
  readonly setting: number;
  /** Rows a run of the encoder. */
  readonly rowsPerRun: number;
  /** Null without heads, as is the next. */
  readonly forcedReruns: number | null;
  /** Mean surprisal of a channel, nats; of densities it may be negative. */
  readonly nll: number | null;
  readonly vusPr: number | null;
  /** Rows from the start of each segment to the first row above the level, by segment; null = not caught. */
  readonly delays: readonly (number | null)[];
  /** Rows above the level outside all segments. */
  readonly falseRows: number;
}

export interface CurvePoint extends Measured {
  readonly series: string;
  readonly seed: number;
  readonly variant: string;
  /** Hash of all other settings that it was measured with. */
  readonly settings?: string;
}

export function readPoints(file: string): readonly CurvePoint[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CurvePoint[]) : [];
}

/** A line a point. */
export function writePoints(file: string, points: readonly CurvePoint[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `[\n${points.map(lineOf).join(',\n')}\n]\n`);
}

/** Figures are shortened, and counts stay. */
function lineOf(point: CurvePoint): string {
  return JSON.stringify(point, (_, value) =>
    typeof value === 'number' ? Number(value.toFixed(5)) : value,
  );
}
