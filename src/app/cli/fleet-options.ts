// Whose fleet is shown: that of the broker which the options name, or else the configuration.
import { ConfigError } from '../../core/errors.ts';
import { type BrokerOptions, brokerOptions } from '../../io/mqtt/options.ts';
import { checkTopic } from '../../io/mqtt/topic.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { baseOf } from '../fleet/topics.ts';
import type { FleetTopics } from '../fleet/watch-fleet.ts';
import { configAtHand, surroundingsOf } from '../service/places.ts';

export interface FleetOptions {
  readonly config?: string;
  readonly url?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly base?: string;
}

/** Throws `ConfigError` for what no broker can be. */
export async function topicsOf({
  config,
  url,
  username,
  passwordFile,
  base,
}: FleetOptions): Promise<FleetTopics> {
  if (url === undefined && (username !== undefined || passwordFile !== undefined)) {
    throw new ConfigError('--username and --password-file belong to --url: name the broker there');
  }
  const found =
    url === undefined ? await configured(config) : { broker: brokerAt(url), base: 'sentigon' };
  const topics = {
    broker: {
      ...found.broker,
      ...(username !== undefined && { username }),
      ...(passwordFile !== undefined && { passwordFile }),
    },
    base: base ?? found.base,
  };
  checkTopic(topics.base, '--base');
  return topics;
}

function brokerAt(url: string): BrokerOptions {
  const parsed = brokerOptions.safeParse({ url });
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `--url ${url}: ${parsed.error.issues.map(({ message }) => message).join()}`,
  );
}

async function configured(named: string | undefined): Promise<FleetTopics> {
  const environment = readEnvironment();
  const file = configAtHand(named, environment);
  if (file === undefined) return { broker: brokerOptions.parse({}), base: 'sentigon' };
  const config = await loadConfig(file, surroundingsOf(file, environment));
  const local = brokerOptions.parse({ url: `mqtt://127.0.0.1:${config.embedded.port}` });
  return { broker: config.broker ?? local, base: baseOf(config) };
}
