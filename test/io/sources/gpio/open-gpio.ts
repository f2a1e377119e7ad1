import type { Source } from '../../../../src/core/source.ts';
import { gpioSource } from '../../../../src/io/sources/gpio.ts';

/** A flow meter with everything that can be known of it. */
export const flow = {
  line: 17,
  name: 'flow',
  channels: ['count', 'rate', 'duty', 'width', 'level'],
};

/** A gpio source, and what it warned of. */
export function openGpio(options: object): { source: Source; told: string[] } {
  const told: string[] = [];
  const source = gpioSource.create(gpioSource.options.parse(options), {
    streamId: 'pump',
    warn: (message) => told.push(message),
  });
  return { source, told };
}
