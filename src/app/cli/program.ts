// All commands, one file each. Only the requested one is loaded, so that a daemon does not load the lab.
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { exitCodes } from '../process/exit-codes.ts';
import { version } from '../version.ts';

const INTRODUCTION = `
A first minute:
  $ sentigon demo                           learn a recorded machine, replay its faults
  $ sentigon run                            learn from this machine, then watch it
  $ sentigon train data.csv --out m.safetensors
  $ sentigon replay data.csv --model m.safetensors
  $ sentigon config example > sentigon.yaml`;

/** In the order of the help text. */
const loaders = new Map<string, () => Promise<Command>>([
  ['run', loadRun],
  ['alerts', async () => (await import('./alerts.ts')).alertsCommand()],
  ['ctl', async () => (await import('./ctl.ts')).ctlCommand()],
  ['fleet', async () => (await import('./fleet.ts')).fleetCommand()],
  ['replay', async () => (await import('./replay.ts')).replayCommand()],
  ['train', async () => (await import('./train.ts')).trainCommand()],
  ['compress', async () => (await import('./compress.ts')).compressCommand()],
  ['record', async () => (await import('./record.ts')).recordCommand()],
  ['evaluate', async () => (await import('./evaluate.ts')).evaluateCommand()],
  ['compare', async () => (await import('./compare.ts')).compareCommand()],
  ['report', async () => (await import('./report.ts')).reportCommand()],
  ['profile', async () => (await import('./profile.ts')).profileCommand()],
  ['search', async () => (await import('./search.ts')).searchCommand()],
  ['optimise', async () => (await import('./optimise.ts')).optimiseCommand()],
  ['simulate', async () => (await import('./simulate.ts')).simulateCommand()],
  ['accelerate', async () => (await import('./accelerate.ts')).accelerateCommand()],
  ['gptran', async () => (await import('./gptran.ts')).gptranCommand()],
  ['worker', async () => (await import('./worker.ts')).workerCommand()],
  ['export', async () => (await import('./export.ts')).exportCommand()],
  ['config', async () => (await import('./config.ts')).configCommand()],
  ['backup', async () => (await import('./backup.ts')).backupCommand()],
  ['restore', async () => (await import('./backup.ts')).restoreCommand()],
  ['init', async () => (await import('./init.ts')).initCommand()],
  ['service', async () => (await import('./service.ts')).serviceCommand()],
  ['update', async () => (await import('./update.ts')).updateCommand()],
  ['doctor', async () => (await import('./doctor.ts')).doctorCommand()],
  ['demo', async () => (await import('./demo.ts')).demoCommand()],
]);

/** Runs one command; returns the exit code. Throws what the command throws. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  try {
    const root = await program(argv[2]);
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

async function loadRun(): Promise<Command> {
  keepHeapSmall(); // before its modules are loaded, which is what makes the garbage
  return (await import('./run.ts')).runDaemonCommand();
}

/** The command that was asked for below its root; all of them where none of that name is. */
export async function program(asked?: string): Promise<Command> {
  const root = new Command('sentigon')
    .description('Watches live channels for anomalies and reports them over MQTT.')
    .version(version())
    .addHelpText('after', INTRODUCTION);
  const one = loaders.get(asked ?? '');
  const needed = one ? [one] : [...loaders.values()];
  for (const load of needed) root.addCommand(await load());
  throwInsteadOfExit(root);
  return root;
}

/** commander does not hand these settings down to commands that are added ready-made. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(see --help)');
  for (const child of command.commands) throwInsteadOfExit(child);
}

/**
 * Keeps V8's nursery at its first size, and its heap rather small than fast. Starting up makes much garbage at once, for
 * which V8 grows the nursery and never shrinks it. For programs that allocate little; before anything large is loaded.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
}
