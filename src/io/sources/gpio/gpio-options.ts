// Options of input lines, and the channels that they have.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import type { Channel } from '../../../core/sample.ts';
import { HEADER } from './edge-reader.ts';
import type { Pulses } from './pulse-counter.ts';

const quantities = ['count', 'rate', 'duty', 'width', 'level'] as const;

const units: Readonly<Record<keyof Pulses, string>> = {
  count: '',
  rate: 'Hz',
  duty: '',
  width: 'ms',
  level: '',
};

const lineOptions = z.strictObject({
  line: z
    .union([z.number().int().nonnegative(), z.string().min(1)])
    .describe('BCM number (offset on the chip), e.g. 17, or the name of the line, e.g. GPIO17'),
  name: z.string().min(1).optional().describe('first part of its channels; default: the line'),
  channels: z
    .array(z.enum(quantities))
    .min(1)
    .default(['count'])
    .describe(
      'per step: count of pulses, rate in Hz, duty (share of time active), width (mean length of pulses, ms), level at its end',
    ),
  activeLow: z
    .boolean()
    .default(false)
    .describe('low is active: a pulse is then a low one, e.g. of a contact to ground'),
  bias: z
    .enum(['as-is', 'disabled', 'pull-up', 'pull-down'])
    .default('as-is')
    .describe('resistor inside the chip'),
  debounceMs: z
    .number()
    .nonnegative()
    .default(0)
    .describe('changes shorter than this are bouncing contacts, ms; 0 = none are')
    .meta({ unit: 'ms' }),
});

export const gpioOptions = z.strictObject({
  lines: z.array(lineOptions).min(1).describe('input lines to watch'),
  chip: z
    .string()
    .default(HEADER)
    .describe("label of the chip as gpiodetect shows it; header = the one of a Pi's pin header"),
  intervalMs: z
    .number()
    .int()
    .min(20)
    .default(1000)
    .describe('length of a step, ms')
    .meta({ unit: 'ms' }),
  reader: z
    .enum(['auto', 'gpiomon', 'onoff'])
    .default('auto')
    .describe(
      'gpiomon of libgpiod 2, which stamps edges in the kernel, or the package onoff, which reads sysfs; auto: the first that works',
    ),
  gpiodFolder: z
    .string()
    .default('')
    .describe("folder of libgpiod's programs; empty = where programs are"),
  root: z.string().default('/').describe('folder that holds sys, for onoff'),
});

export type GpioOptions = z.infer<typeof gpioOptions>;

/** In the order of `channelsOf`. */
export function valuesOf(lines: GpioOptions['lines'], pulses: readonly Pulses[]): Float64Array {
  return Float64Array.from(
    lines.flatMap(({ channels }, index) =>
      channels.map((quantity) => pulses[index]?.[quantity] ?? Number.NaN),
    ),
  );
}

/** Throws `ConfigError` when two lines would have the same channel. */
export function channelsOf(lines: GpioOptions['lines']): Channel[] {
  const channels = lines.flatMap(({ line, name = nameOf(line), channels }) =>
    channels.map((quantity) => ({ id: `${name}.${quantity}`, unit: units[quantity] })),
  );
  const twice = channels.find(({ id }, index) =>
    channels.slice(0, index).some((other) => other.id === id),
  );
  if (!twice) return channels;
  throw new ConfigError(
    `source gpio: channel '${twice.id}' is defined twice: give each line a name of its own and list a quantity once`,
    { code: 'SEN_CFG_CHANNEL_TWICE' },
  );
}

function nameOf(line: number | string): string {
  return typeof line === 'number' ? `gpio${line}` : line;
}
