// `sentigon fleet`: all devices on a broker, once or for as long as it is looked at.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { shownUrl } from '../../io/mqtt/options.ts';
import { fleetLine, fleetScreen } from '../fleet/fleet-screen.ts';
import { fleetSnapshot } from '../fleet/fleet-snapshot.ts';
import { fleetTable } from '../fleet/fleet-table.ts';
import { type FleetTopics, watchFleet } from '../fleet/watch-fleet.ts';
import { listenForStop } from '../process/signals.ts';
import { type FleetOptions, topicsOf } from './fleet-options.ts';

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
  const none = `no device has said anything below ${topics.base}/ on ${shownUrl(topics.broker)}`;
  process.stdout.write(`${devices.length > 0 || json ? text : none}\n`);
}

/** So often a change is shown, and ages grow. */
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
