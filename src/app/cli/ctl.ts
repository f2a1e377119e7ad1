// `sentigon ctl`: asks the daemon that runs on this machine, or tells it something.
import { Argument, Command } from 'commander';
import { commands } from '../commands/index.ts';
import { ask } from './ask.ts';
import { settings } from './options.ts';
import { type StateOptions, WHOSE_STATE } from './state-at-hand.ts';

const VERBS = [...commands.values()].map(({ verb, summary }) => `  ${verb.padEnd(14)}${summary}`);

const HELP = `
Verbs:
${VERBS.join('\n')}

Examples:
  $ sentigon ctl health_check
  $ sentigon ctl silence stream=host minutes=60
  $ sentigon ctl maintenance action=add weekdays=sun time=03:30 minutes=45
  $ sudo sentigon ctl normal stream=host        # of the service
The same verbs are taken over MQTT: publish the request as JSON to <base>/<node>/request/<verb>.`;

export function ctlCommand(): Command {
  return new Command('ctl')
    .description('Ask or tell the running daemon; prints its answer as JSON.')
    .addArgument(new Argument('<verb>', 'what to do').choices([...commands.keys()]))
    .argument('[key=value...]', 'the request')
    .option('-c, --config <file>', WHOSE_STATE)
    .option('--state <folder>', 'this folder instead')
    .addHelpText('after', HELP)
    .action(async (verb: string, words: readonly string[], options: StateOptions) => {
      const request = words.reduce((before, word) => settings(word, before), {});
      process.stdout.write(`${JSON.stringify(await ask(verb, request, options), undefined, 2)}\n`);
    });
}
