// A meter that writes a line for each reading: USB meters with a serial port, a microcontroller with an INA219.
import { z } from 'zod';
import { DeviceError } from '../../../core/errors.ts';
import type { ProfilerHost } from '../host.ts';
import type { Meter, MeterPlugin } from './meter.ts';
import { lostMeter, type PowerSample, traceOf } from './polled-meter.ts';

const options = z.strictObject({
  path: z.string().min(1).optional().describe('device, e.g. /dev/ttyUSB0; required'),
  baudRate: z.int().positive().default(115_200).describe('bits per second').meta({ unit: 'bit/s' }),
});

/** Longest time without a reading, milliseconds, before the meter counts as lost. */
const SILENCE_MS = 2000;

/**
 * A line is a reading if it has a number with the unit W, or one with V and one with A, e.g. `5.10 V 0.520 A` or `P=2.65W`;
 * the prefix milli is accepted. Other lines are ignored. The time of a reading is the arrival of its line.
 */
export const serial: MeterPlugin<z.infer<typeof options>> = {
  kind: 'serial',
  summary:
    'a meter that writes its readings in lines of text to a serial port, e.g. `5.10 V 0.520 A`',
  options,
  detect: async ({ path, baudRate }, host) => {
    if (path === undefined) return undefined;
    // -hupcl: a board like an Arduino is not reset each time the port is opened.
    const line = ['-F', path, String(baudRate), 'raw', '-echo', '-hupcl'];
    const set = await host.run('stty', line);
    if (set === undefined) {
      throw new DeviceError(
        `the meter on ${path} cannot be opened: connect it, and let this user read it (group dialout)`,
        { code: 'SEN_DEV_METER' },
      );
    }
    return meterOn(path, host);
  },
};

function meterOn(path: string, host: ProfilerHost): Meter {
  const identity = { kind: 'serial', id: path, covers: 'the current through the meter' };
  return {
    ...identity,
    start() {
      const samples: PowerSample[] = [];
      const startMs = host.nowMs();
      // A child process, because a pending read of a silent terminal cannot be cancelled.
      const close = host.follow('cat', [path], (line) => {
        const powerW = wattsOf(line);
        if (powerW !== undefined) samples.push({ timeMs: host.nowMs(), powerW });
      });
      return {
        stop() {
          const endMs = host.nowMs();
          close();
          const lastMs = samples.at(-1)?.timeMs ?? startMs;
          if (endMs - lastMs > SILENCE_MS) throw lostMeter(identity);
          return traceOf(samples, startMs, endMs);
        },
      };
    },
  };
}

/** Watts of a line; undefined if it is not a reading. */
export function wattsOf(line: string): number | undefined {
  const watts = quantityOf(line, 'W');
  if (watts !== undefined) return watts;
  const [volts, amperes] = [quantityOf(line, 'V'), quantityOf(line, 'A')];
  return volts === undefined || amperes === undefined ? undefined : volts * amperes;
}

function quantityOf(line: string, unit: 'W' | 'V' | 'A'): number | undefined {
  const [, number, milli] =
    new RegExp(`(?<![\\w.-])(\\d+(?:\\.\\d+)?)\\s*(m?)${unit}(?![a-zA-Z])`).exec(line) ?? [];
  return number === undefined ? undefined : Number(number) / (milli ? 1000 : 1);
}
