// `sentigon fleet`: shows all devices on a broker, once or until Ctrl-C.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { type BrokerOptions, brokerOptions, shownUrl } from '../../io/mqtt/options.ts';
import { checkTopic } from '../../io/mqtt/topic.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { fleetSnapshot } from '../fleet/fleet-snapshot.ts';
import { fleetLine, fleetScreen, fleetTable } from '../fleet/fleet-table.ts';
import { baseOf, type FleetTopics, watchFleet } from '../fleet/watch-fleet.ts';
import { listenForStop } from '../process/stop.ts';
import { configAtHand, surroundingsOf } from '../service/places.ts';

const HELP = `
The command reads only from the broker: daemons publish their state there, and the broker reports which are offline.
Without --url it uses the broker of the configuration of 'sentigon run' or of the service, and without a configuration
the broker of this machine. Scores come from the last health message; with --watch they are live.

Examples:
  $ sentigon fleet
  $ sentigon fleet --url mqtts://broker.local --username me --password-file ~/.sentigon-broker
  $ sentigon fleet --watch                      # until Ctrl-C
  $ sentigon fleet --json | jq -r '.[] | select(.status != "online") | .node'
With --watch --json each change is printed as one line.`;

export function fleetCommand(): Command {
  return new Command('fleet')
    .option('-c, --config <file>', 'configuration that names the broker')
    .option('--url <url>', 'broker to use instead, e.g. mqtt://broker.local:1883')
    .option('--username <name>', 'user name at the broker of --url')
    .option('--password-file <file>', 'file with the password at the broker of --url')
    .option('--base <topic>', "first part of the daemons' topics; default: sentigon")
    .option('--json', 'print JSON, with each stream')
    .option('-w, --watch', 'keep showing changes until Ctrl-C')
    .addHelpText('after', HELP)
    .action(show);
}

interface ShowOptions extends FleetOptions {
  readonly json?: true;
  readonly watch?: true;
}

async function show(options: ShowOptions): Promise<void> {
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
  const none = `no device has published below ${topics.base}/ on ${shownUrl(topics.broker)}`;
  process.stdout.write(`${devices.length > 0 || json ? text : none}\n`);
}

/** Time between updates of the screen. */
const EVERY_MS = 1000;
const CLEAR = '\u001b[H\u001b[2J';

/** On a terminal in place, else anew whenever something else would be shown. */
async function watch(topics: FleetTopics, json: boolean, signal: AbortSignal): Promise<void> {
  const fleet = watchFleet(topics, {
    // a line for programs has no place for it
    onLost: (message) => void (json && process.stderr.write(`sentigon: ${message}\n`)),
  });
  const clear = process.stdout.isTTY && !json ? CLEAR : '';
  let shown: string | undefined;
  try {
    while (!signal.aborted) {
      const text = json ? fleetLine(fleet) : fleetScreen(fleet, topics, Date.now());
      if (text !== undefined && text !== shown) process.stdout.write(`${clear}${text}\n`);
      shown = text ?? shown;
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await fleet.close();
  }
}

interface FleetOptions {
  readonly config?: string;
  readonly url?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly base?: string;
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
    throw new ConfigError('--username and --password-file need --url: name the broker with it', {
      code: 'SEN_CFG_OPTION',
    });
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
    { code: 'SEN_CFG_OPTION' },
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
