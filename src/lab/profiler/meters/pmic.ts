// The power chip of a Raspberry Pi 5, as `vcgencmd pmic_read_adc` prints it.
import { z } from 'zod';
import type { MeterPlugin } from './meter.ts';
import { polledMeter } from './polled-meter.ts';

const options = z.strictObject({});

/** E.g. `VDD_CORE_A current(7)=2.27590000A` or `VDD_CORE_V volt(15)=0.87530000V`. */
const READING = /^\s*(\w+)_([AV]) (?:current|volt)\(\d+\)=([\d.]+)[AV]\s*$/;

/** Each reading starts a process: a Pi can afford five a second. */
const EVERY_MS = 200;

export const pmic: MeterPlugin<z.infer<typeof options>> = {
  kind: 'pmic',
  summary: 'the power chip of a Raspberry Pi 5',
  options,
  detect: async (_options, host) => {
    const read = async () => wattsOf((await host.run('vcgencmd', ['pmic_read_adc'])) ?? '');
    if ((await read()) === undefined) return undefined;
    return polledMeter(
      {
        kind: 'pmic',
        id: 'vcgencmd',
        covers: 'rails behind the power chip; without USB and HATs on 5 V and without its own loss',
        read,
      },
      host,
      EVERY_MS,
    );
  },
};

/** Sum over the rails with both current and voltage; undefined without one. */
export function wattsOf(printed: string): number | undefined {
  const rails = { A: new Map<string, number>(), V: new Map<string, number>() };
  for (const line of printed.split('\n')) {
    const [, rail = '', quantity, value] = READING.exec(line) ?? [];
    if (quantity === 'A' || quantity === 'V') rails[quantity].set(rail, Number(value));
  }
  const watts = [...rails.A].flatMap(([rail, amperes]) => {
    const volts = rails.V.get(rail);
    return volts === undefined ? [] : [amperes * volts];
  });
  return watts.length === 0 ? undefined : watts.reduce((sum, one) => sum + one, 0);
}
