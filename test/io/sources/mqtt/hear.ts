import { formatChannel } from '../../../../src/core/sample.ts';
import { createGateway, gatewayOptions } from '../../../../src/io/sources/mqtt/gateway.ts';
import { createFaultCounter } from '../../../../src/io/timing/fault-counter.ts';

/** A gateway that is told messages without a broker. */
export function hear(options: object) {
  const faults: string[] = [];
  const counter = createFaultCounter((message) => faults.push(message), 0);
  const gateway = createGateway(gatewayOptions.parse(options));
  return {
    faults,
    tell: (topic: string, payload: object | string) =>
      gateway.message(
        topic,
        typeof payload === 'string' ? payload : JSON.stringify(payload),
        counter,
      ),
    /** What is known now, as `name[unit]: value`; null = no reading. */
    now: (laterMs = 0) =>
      Object.fromEntries(
        gateway.channels().map((channel) => {
          const value = gateway.value(channel, Date.now() + laterMs);
          return [formatChannel(channel), Number.isNaN(value) ? null : value];
        }),
      ),
  };
}
