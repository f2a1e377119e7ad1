// argv -> one command. The others are known by name only: a daemon does not load the lab, and help loads nothing.
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { exitCodes } from '../process/exit-codes.ts';
import { version } from '../version.ts';
import { commandTable } from './command-table.ts';

const INTRODUCTION = `
A first minute:
  $ sentigon demo                           learn a recorded machine, replay its faults
  $ sentigon run                            learn from this machine, then watch it
  $ sentigon train data.csv --out m.safetensors
  $ sentigon replay data.csv --model m.safetensors
  $ sentigon config example > sentigon.yaml`;

/** Runs one command; returns the exit code. Throws what the command throws. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  try {
    const words = argv.slice(2).filter((word) => !word.startsWith('-'));
    const root = await program(words.slice(0, words[0] === 'help' ? 2 : 1));
    await root.parseAsync(argv);
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof InvalidArgumentError) {
      // of a parser that an action calls: commander has printed nothing
      throw new ConfigError(error.message, { code: 'SEN_CFG_OPTION', cause: error });
    }
    if (!(error instanceof CommanderError)) throw error;
    // commander has printed the help or the error
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.config;
  }
}

/** The program with the commands that are `asked` for, by name; of all others it has name and summary. */
export async function program(asked: readonly string[]): Promise<Command> {
  const root = new Command('sentigon')
    .description('Watches live channels for anomalies and reports them over MQTT.')
    .version(version())
    .commandsGroup('Help:')
    .addHelpText('after', INTRODUCTION);
  for (const [heading, entries] of Object.entries(commandTable)) {
    for (const [name, { summary, load }] of Object.entries(entries)) {
      const command = asked.includes(name) ? await load() : new Command(name);
      root.addCommand(command.description(summary).helpGroup(heading));
    }
  }
  throwInsteadOfExit(root);
  return root;
}

/** commander does not hand these settings down to commands that are added ready-made. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(see --help)');
  for (const child of command.commands) throwInsteadOfExit(child);
}
