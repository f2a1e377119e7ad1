import type { LabelledSeries } from '../series/labelled-series.ts';

/** How one public data set lies in its folder. Readers are synchronous: a series is a few megabytes. */
export interface Layout {
  readonly kind: string;
  readonly summary: string;
  /** Whether the folder has this layout; looks at names, and at heads of files where names do not tell. */
  matches(folder: string): boolean;
  /** Names of the series, sorted. */
  list(folder: string): readonly string[];
  /** Throws `SourceError` naming file and line of whatever is missing or broken. */
  read(folder: string, name: string): LabelledSeries;
}
