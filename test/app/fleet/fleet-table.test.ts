import { describe, expect, it } from 'vitest';
import { createFleetBook } from '../../../src/app/fleet/fleet-book.ts';
import { fleetLine, fleetScreen } from '../../../src/app/fleet/fleet-table.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';

const topics = { broker: brokerOptions.parse({ url: 'mqtt://broker.local' }), base: 'sentigon' };

function fleetOf(nodes: readonly string[], fault?: string) {
  const book = createFleetBook('sentigon');
  for (const node of nodes) book.take(`sentigon/${node}/status`, 'online');
  return { devices: () => book.devices(), fault: () => fault };
}

describe('a look at the fleet', () => {
  it('shows programs nothing while the broker is away, lest what was known be taken for news', () => {
    expect(fleetLine(fleetOf(['pump'], 'connection refused'))).toBeUndefined();
    const line = fleetLine(fleetOf(['pump']));
    expect(JSON.parse(line ?? '')).toMatchObject([{ node: 'pump', status: 'online' }]);
  });

  it('shows people what was known below why the broker is away', () => {
    const screen = (...told: Parameters<typeof fleetOf>) =>
      fleetScreen(fleetOf(...told), topics, 0);
    expect(screen(['pump'], 'refused')).toMatch(
      /^sentigon\/ on .*broker\.local.*: refused\n.*\npump /s,
    );
    expect(screen([], 'refused')).toMatch(/: refused$/);
    expect(screen([])).toMatch(/: no device yet$/);
    expect(screen(['pump'])).toMatch(/broker\.local[^ ]*\n.*\npump /s);
  });
});
