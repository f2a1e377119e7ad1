// All commands, one file each. Bad usage is a configuration fault.
import { Command, CommanderError } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { version } from '../version.ts';
import { configCommand } from './config.ts';
import { recordCommand } from './record.ts';
import { replayCommand } from './replay.ts';
import { runDaemonCommand } from './run.ts';
import { trainCommand } from './train.ts';

const INTRODUCTION = `
A first minute:
  $ sentigon run                            learn from this machine, then watch it
  $ sentigon train data.csv --out m.safetensors
  $ sentigon replay data.csv --model m.safetensors
  $ sentigon config example > sentigon.yaml`;

function program(): Command {
  const commands = [
    runDaemonCommand(),
    replayCommand(),
    trainCommand(),
    recordCommand(),
    configCommand(),
  ];
  const root = new Command('sentigon')
    .description('Watches live channels for anomalies and reports them over MQTT.')
    .version(version())
    .addHelpText('after', INTRODUCTION);
  for (const command of commands) root.addCommand(command);
  throwInsteadOfExit(root);
  return root;
}

/** commander inherits neither this setting nor the output to commands that are added ready-made. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help shows what there is)');
  for (const child of command.commands) throwInsteadOfExit(child);
}

/** Runs one command; returns the exit code. Throws what the command throws. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(argv);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // it has printed the help that was asked for, or what it objects to
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.config;
  }
}
