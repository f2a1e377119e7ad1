// The clock of a daemon, set by the test: libfaketime reads the offset from a file each time it is asked for the time. The
// monotonic clock goes on as it is, as on a machine whose clock is set.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAKETIME } from './tools.ts';

export const HOUR_S = 3600;
export const DAY_S = 86_400;

export interface FakeClock {
  /** What the daemon has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets it this far from the true time, seconds. */
  set(offsetS: number): void;
}

export function fakeClock(folder: string, offsetS = 0): FakeClock {
  const file = join(folder, 'clock');
  const set = (seconds: number): void => {
    writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}`);
    renameSync(`${file}.new`, file); // never half a file
  };
  set(offsetS);
  return {
    env: {
      LD_PRELOAD: FAKETIME ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    set,
  };
}
