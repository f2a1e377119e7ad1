// Options of a serial line, and the package that opens it.
import { z } from 'zod';

export const serialPortShape = {
  path: z
    .string()
    .min(1)
    .describe('device, e.g. /dev/ttyUSB0, or better a name of /dev/serial/by-id that stays'),
  baudRate: z
    .number()
    .int()
    .positive()
    .default(9600)
    .describe('bits per second')
    .meta({ unit: 'bit/s' }),
  dataBits: z
    .union([z.literal(5), z.literal(6), z.literal(7), z.literal(8)])
    .default(8)
    .describe('bits of a character'),
  parity: z.enum(['none', 'even', 'odd']).default('none').describe('check bit of a character'),
  stopBits: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe('bits between characters'),
};

export const serialPackage = {
  name: 'serialport',
  install: 'npm install serialport',
  load: () => import('serialport'),
};
