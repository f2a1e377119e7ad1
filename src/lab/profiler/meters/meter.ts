// The interface of power meters.
import type { ZodType } from 'zod';
import type { ProfilerHost } from '../host.ts';

/** A value or a promise; to be awaited. */
type Later<T> = T | Promise<T>;

/** Energy and power between the start and the stop of a recording. */
export interface PowerTrace {
  readonly energyJ: number;
  /** Greatest reading. */
  readonly peakPowerW: number;
  readonly seconds: number;
  readonly samples: number;
}

export interface Recording {
  /**
   * Undefined if there were too few readings. Throws `DeviceError` if the meter was lost. Called once.
   */
  stop(): Later<PowerTrace | undefined>;
}

export interface Meter {
  readonly kind: string;
  /** Which meter, for display: a chip, a file, a line. */
  readonly id: string;
  /** The part of the device's power that it measures, for display. */
  readonly covers: string;
  start(): Recording;
}

export interface MeterPlugin<Options = unknown> {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  readonly options: ZodType<Options>;
  /** Undefined if this machine has none. Throws `DeviceError` if there is one that cannot be read. */
  detect(options: Options, host: ProfilerHost): Later<Meter | undefined>;
}
