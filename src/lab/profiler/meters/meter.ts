// What measures power, whatever it is.
import type { ZodType } from 'zod';
import type { ProfilerHost } from '../host.ts';

/** At once or in a while; to be awaited. */
type Later<T> = T | Promise<T>;

/** What a meter saw from a start to its stop. */
export interface PowerTrace {
  readonly energyJ: number;
  /** Greatest reading. */
  readonly peakPowerW: number;
  readonly seconds: number;
  readonly samples: number;
}

export interface Recording {
  /**
   * undefined where there were too few readings to tell. Throws `DeviceError` where the meter has gone since. Called once.
   */
  stop(): Later<PowerTrace | undefined>;
}

export interface Meter {
  readonly kind: string;
  /** Which one, for people: a chip, a file, a line. */
  readonly id: string;
  /** What of the device's power it sees, for people. */
  readonly covers: string;
  start(): Recording;
}

export interface MeterPlugin<Options = unknown> {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  readonly options: ZodType<Options>;
  /** undefined where this machine has none. Throws `DeviceError` where there is one that cannot be read. */
  detect(options: Options, host: ProfilerHost): Later<Meter | undefined>;
}
