// `sentigon backup` and `sentigon restore`: the state of a daemon as one file.
import { Command } from 'commander';
import { makeBackup } from '../backup/make-backup.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig, stateFolder } from '../config/load.ts';
import { configSchema } from '../config/schema.ts';
import { configAtHand, surroundingsOf, unitOf } from '../service/places.ts';

interface BackupOptions {
  readonly config?: string;
  readonly state?: string;
  readonly force?: true;
}

const CONFIG = "whose state; default: that of 'sentigon run', then the service's";

export function backupCommand(): Command {
  return new Command('backup')
    .description(
      'Copy history, unsent alerts, models and alert levels to a file, also of a running daemon.',
    )
    .argument('<file>', '.tar.gz')
    .option('-c, --config <file>', CONFIG)
    .option('--state <folder>', 'this folder instead')
    .addHelpText('after', '\nExample:\n  $ sudo sentigon backup /media/stick/sentigon.tar.gz')
    .action(async (file: string, options: BackupOptions) => {
      const state = stateOf(options);
      await makeBackup(state, file, Date.now());
      print(`${state} is in ${file}`);
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('Put the state of a backup in place. The daemon has to be stopped.')
    .argument('<file>', 'made by sentigon backup')
    .option('-c, --config <file>', CONFIG)
    .option('--state <folder>', 'this folder instead')
    .option('--force', 'put a state that is there aside')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sentigon restore --force /media/stick/sentigon.tar.gz',
    )
    .action((file: string, options: BackupOptions) => {
      const state = stateOf(options);
      const force = options.force === true;
      const { former } = restoreBackup(file, state, { force, nowMs: Date.now() });
      if (former !== undefined) print(`the former state is in ${former}`);
      const unit = unitOf(options.config);
      print(`${state} is that of ${file}: start the daemon, e.g. sudo systemctl start ${unit}`);
    });
}

function stateOf({ config, state }: BackupOptions): string {
  if (state !== undefined) return state;
  const environment = readEnvironment();
  const file = configAtHand(config, environment);
  const surroundings = surroundingsOf(file, environment);
  if (file === undefined) return stateFolder(surroundings);
  return loadConfig(file, configSchema, surroundings).state;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
