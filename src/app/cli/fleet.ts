// `sentigon fleet`: all devices on a broker, once or for as long as it is looked at.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { type BrokerOptions, brokerOptions, shownUrl } from '../../io/mqtt-options.ts';
import { checkTopic } from '../../io/mqtt-topic.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { fleetSnapshot } from '../fleet/fleet-snapshot.ts';
import { fleetTable } from '../fleet/fleet-table.ts';
import { baseOf } from '../fleet/topics.ts';
import { type FleetTopics, watchFleet } from '../fleet/watch-fleet.ts';
import { configAtHand, surroundingsOf } from '../service/places.ts';
import { listenForStop } from '../signals.ts';

const HELP = `
It asks the broker alone: daemons say there how they are, and the broker says of those that died that they are offline.
Without --url it is the broker of the configuration, that of 'sentigon run' or else of the service, and without one
that of this machine. Scores are those of the last health message, with --watch those of the moment.

Examples:
  $ sentigon fleet
  $ sentigon fleet --url mqtts://broker.local --username me --password-file ~/.sentigon-broker
  $ sentigon fleet --watch                      # until Ctrl-C
  $ sentigon fleet --json | jq -r '.[] | select(.status != "online") | .node'
With --watch --json each change is one line.`;

interface FleetOptions {
  readonly config?: string;
  readonly url?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly base?: string;
  readonly json?: true;
  readonly watch?: true;
}

export function fleetCommand(): Command {
  return new Command('fleet')
    .description('Show all devices on a broker: status, streams, open alerts, scores, health.')
    .option('-c, --config <file>', 'whose broker')
    .option('--url <url>', 'this broker instead, e.g. mqtt://broker.local:1883')
    .option('--username <name>', 'user name at the broker of --url')
    .option('--password-file <file>', 'file with the password at the broker of --url')
    .option('--base <topic>', "first part of the daemons' topics; default: sentigon")
    .option('--json', 'as JSON, with each stream')
    .option('-w, --watch', 'go on until Ctrl-C')
    .addHelpText('after', HELP)
    .action(show);
}

async function show(options: FleetOptions): Promise<void> {
  const topics = await topicsOf(options);
  const stop = listenForStop();
  try {
    if (options.watch) await watch(topics, options.json === true, stop.signal);
    else await once(topics, options.json === true, stop.signal);
  } finally {
    stop.release();
  }
}

async function once(topics: FleetTopics, json: boolean, signal: AbortSignal): Promise<void> {
  const devices = await fleetSnapshot(topics, signal);
  const text = json ? JSON.stringify(devices, undefined, 2) : fleetTable(devices, Date.now());
  const none = `no device has said anything below ${topics.base}/ on ${shownUrl(topics.broker)}`;
  process.stdout.write(`${devices.length > 0 || json ? text : none}\n`);
}

/** So often a change is shown, and ages grow. */
const EVERY_MS = 1000;
const CLEAR = '\u001b[H\u001b[2J';

/** On a terminal in place, else anew whenever something else would be shown. */
async function watch(topics: FleetTopics, json: boolean, signal: AbortSignal): Promise<void> {
  const fleet = watchFleet(topics);
  const inPlace = process.stdout.isTTY && !json;
  let shown: string | undefined;
  try {
    while (!signal.aborted) {
      const text = json
        ? JSON.stringify(fleet.devices())
        : screen(topics, fleet.devices().length === 0, fleet.fault(), () =>
            fleetTable(fleet.devices(), Date.now()),
          );
      if (text !== shown) process.stdout.write(`${inPlace ? CLEAR : ''}${text}\n`);
      shown = text;
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await fleet.close();
  }
}

function screen(
  { broker, base }: FleetTopics,
  empty: boolean,
  fault: string | undefined,
  table: () => string,
): string {
  const where = `${base}/ on ${shownUrl(broker)}`;
  if (fault !== undefined) return `${where}: ${fault}${empty ? '' : `\n${table()}`}`;
  return empty ? `${where}: no device yet` : `${where}\n${table()}`;
}

/** Throws `ConfigError` for what no broker can be. */
async function topicsOf({
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
