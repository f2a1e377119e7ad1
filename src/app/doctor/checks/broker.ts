import { KnownError } from '../../../core/errors.ts';
import { type BrokerOptions, shownUrl } from '../../../io/mqtt/options.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** `connect` rejects with a `KnownError` that says what to do. */
export async function checkBroker(
  broker: BrokerOptions | undefined,
  connect: (broker: BrokerOptions) => Promise<void>,
): Promise<Finding> {
  if (!broker) {
    return warn(
      'broker',
      'none is configured: what runs on this machine is used, or else the embedded one, which serves this machine only',
      'sudo apt install mosquitto, then set broker.url in the configuration',
    );
  }
  try {
    await connect(broker);
    const encrypted = /^(mqtts|wss):/.test(broker.url);
    return ok('broker', `${shownUrl(broker)} lets us in${encrypted ? ', encrypted' : ''}`);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    // our messages are "what was found: what to do"
    const at = error.message.indexOf(': ');
    const [found, mend] =
      at < 0
        ? [error.message, 'check broker.url']
        : [error.message.slice(0, at), error.message.slice(at + 2)];
    return fail('broker', found, mend);
  }
}
