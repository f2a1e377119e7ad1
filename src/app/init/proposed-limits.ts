// Hard limits that `sentigon init` writes into a configuration: for this machine those that hold for any, for other
// temperatures a line to go on from.
import { KnownError } from '../../core/errors.ts';
import { lookUp } from '../../core/registry.ts';
import { type Channel, formatChannel } from '../../core/sample.ts';
import { builtInKinds } from '../plugins/kinds.ts';

/** Of channels of the host source. A Raspberry Pi throttles at 80 °C; the last tenth of a disk fills within hours. */
const OF_HOST: readonly (readonly [RegExp, string])[] = [
  [/^disk\.free\b/, '{ below: 10, severity: warning }'],
  [/^memory\.used$/, '{ above: 95, forS: 60, severity: critical }'],
  [/^cpu\.temperature$/, '{ above: 80, severity: critical }'],
];

const TEMPERATURE_UNITS: ReadonlySet<string> = new Set(['°C', 'C', 'degC']);

/** What this machine can be watched for; empty where it cannot. */
export function hostChannels(): readonly Channel[] {
  const host = lookUp(builtInKinds.sources, 'host', 'source');
  try {
    const context = { streamId: 'host', warn: () => undefined };
    return host.create(host.options.parse({}), context).channels;
  } catch (error) {
    if (error instanceof KnownError) return []; // another system than Linux
    throw error;
  }
}

/** Lines of `alerts.limits`, each a channel and its limit. */
export function hostLimits(channels: readonly Channel[]): readonly string[] {
  return channels.flatMap((channel) => {
    const limit = OF_HOST.find(([name]) => name.test(channel.id))?.[1];
    return limit === undefined ? [] : [`${JSON.stringify(formatChannel(channel))}: ${limit}`];
  });
}

/** The same for temperatures, as lines to go on from: only their owner knows their limits. */
export function temperatureLimits(channels: readonly Channel[]): readonly string[] {
  return channels
    .filter(({ unit }) => TEMPERATURE_UNITS.has(unit))
    .map((channel) => `${JSON.stringify(formatChannel(channel))}: { below: 0, above: 60 }`);
}
