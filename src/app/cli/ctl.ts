// `sentigon ctl`: asks the daemon that runs on this machine, or tells it something.
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { askDaemon, CONTROL_SOCKET } from '../../io/control-socket.ts';
import { commands } from '../commands/index.ts';
import { readEnvironment } from '../config/environment.ts';
import { configFile, loadConfig, stateFolder } from '../config/load.ts';
import { configSchema } from '../config/schema.ts';
import { settings } from './options.ts';

/** A backup of a year of history on a slow card is the longest anybody waits. */
const ANSWER_MS = 120_000;

const VERBS = [...commands.values()].map(({ verb, summary }) => `  ${verb.padEnd(14)}${summary}`);

const HELP = `
Verbs:
${VERBS.join('\n')}

Examples:
  $ sentigon ctl health_check
  $ sentigon ctl silence stream=host minutes=60
  $ sentigon ctl maintenance action=add weekdays=sun time=03:30 minutes=45
  $ sentigon ctl normal stream=host
The same verbs are taken over MQTT: publish the request as JSON to <base>/<node>/request/<verb>.`;

export function ctlCommand(): Command {
  return new Command('ctl')
    .description('Ask or tell the running daemon; prints its answer as JSON.')
    .addArgument(new Argument('<verb>', 'what to do').choices([...commands.keys()]))
    .argument('[key=value...]', 'the request')
    .option('-c, --config <file>', 'configuration of the daemon (default: as for run)')
    .option('--state <folder>', 'state folder of the daemon, in place of a configuration')
    .addHelpText('after', HELP)
    .action(async (verb: string, words: readonly string[], options: CtlOptions) => {
      const request = words.reduce((before, word) => settings(word, before), {});
      process.stdout.write(`${JSON.stringify(await ask(verb, request, options), undefined, 2)}\n`);
    });
}

interface CtlOptions {
  readonly config?: string;
  readonly state?: string;
}

/** The data of the answer. Throws `ConfigError` or `DeviceError` with what the daemon objects to. */
async function ask(verb: string, request: object, options: CtlOptions): Promise<unknown> {
  const path = join(stateOf(options), CONTROL_SOCKET);
  const reply = await askDaemon(path, { ...request, verb }, ANSWER_MS);
  if (reply.status === 'ok') return reply.data;
  throw reply.code === 'CONFIG' ? new ConfigError(reply.error) : new DeviceError(reply.error);
}

function stateOf({ config, state }: CtlOptions): string {
  if (state !== undefined) return state;
  const environment = readEnvironment();
  const file = configFile(config, environment);
  if (file !== undefined) return loadConfig(file, configSchema, environment).state;
  return stateFolder(environment);
}
