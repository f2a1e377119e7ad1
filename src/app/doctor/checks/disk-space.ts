import { type Finding, fail, ok, warn } from '../finding.ts';

export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Below this the history may stop within the day. */
const LOW_BYTES = 200e6;
const FULL_BYTES = 20e6;

export function checkSpace(folder: string, { freeBytes, totalBytes }: Space): Finding {
  const found = `${megabytes(freeBytes)} of ${megabytes(totalBytes)} free in ${folder}`;
  const mend = 'free some, or keep less: store.scoreDays in the configuration';
  if (freeBytes < FULL_BYTES) return fail('disk space', found, mend);
  return freeBytes < LOW_BYTES ? warn('disk space', found, mend) : ok('disk space', found);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
