// `sentigon ctl`: sends a request to the daemon that runs on this machine.
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { askDaemon, CONTROL_SOCKET } from '../../io/local/control-socket.ts';
import { isObject } from '../../io/text/json.ts';
import { verbs } from '../commands/verbs.ts';
import { NotUsed } from '../process/exit-codes.ts';
import { type StateOptions, stateAtHand, WHOSE_STATE } from '../service/places.ts';
import { settings } from './options.ts';
import { plainText } from './plain-text.ts';

const VERBS = [...verbs].map(([verb, { summary }]) => `  ${verb.padEnd(14)}${summary}`);

const HELP = `
Verbs:
${VERBS.join('\n')}

Examples:
  $ sentigon ctl health_check
  $ sentigon ctl silence stream=host minutes=60
  $ sentigon ctl maintenance action=add weekdays=sun time=03:30 minutes=45
  $ sudo sentigon ctl normal stream=host        # of the service
  $ sentigon ctl anomaly stream=host from=2026-11-24T02:00 to=2026-11-24T04:30
  $ sentigon ctl retrain stream=host --force
The same verbs work over MQTT: publish the request as JSON to <base>/<node>/request/<verb>.`;

interface CtlOptions extends StateOptions {
  readonly force?: true;
}

export function ctlCommand(): Command {
  return new Command('ctl')
    .addArgument(new Argument('<verb>', 'what to do').choices([...verbs.keys()]))
    .argument('[key=value...]', 'the request')
    .option('-c, --config <file>', WHOSE_STATE)
    .option('--state <folder>', 'state folder to use instead')
    .option('--json', 'print JSON on a terminal, too')
    .option('--force', 'of retrain: use the new model even if it does worse, like force=true')
    .addHelpText('after', HELP)
    .action(
      async (verb: string, words: readonly string[], { json, force, ...options }: CtlOptions) => {
        const request = words.reduce((before, word) => settings(word, before), {});
        const data = await ask(verb, { ...request, ...(force && { force }) }, options);
        const { isTTY, columns } = process.stdout;
        const text =
          isTTY && !json ? plainText(data, columns || 80) : JSON.stringify(data, undefined, 2);
        process.stdout.write(`${text}\n`);
        const { used } = isObject(data) ? data : {};
        if (used === false) throw new NotUsed('the answer says why');
      },
    );
}

interface CtlOptions extends StateOptions {
  readonly json?: true;
}

/** A backup of a year of history on a slow card is the longest anybody waits. */
const ANSWER_MS = 120_000;
/** A training on a small device takes minutes, of many rows an hour. */
const SLOW_ANSWER_MS = 7_200_000;

/** The data of the running daemon's answer. Throws `ConfigError` or `DeviceError` with what it objects to. */
export async function ask(verb: string, request: object, options: StateOptions): Promise<unknown> {
  const path = join(stateAtHand(options), CONTROL_SOCKET);
  const waitMs = verbs.get(verb)?.slow ? SLOW_ANSWER_MS : ANSWER_MS;
  const reply = await askDaemon(path, { ...request, verb }, waitMs);
  if (reply.status === 'ok') return reply.data;
  const Failure = reply.code === 'CONFIG' ? ConfigError : DeviceError;
  throw new Failure(reply.error, { code: reply.errorCode });
}
