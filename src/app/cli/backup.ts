// `sentigon backup` and `sentigon restore`: the state of a daemon as one file.
import { Command } from 'commander';
import { listenForStop } from '../process/signals.ts';
import { unitOf } from '../service/places.ts';
import { makeBackup } from '../state/make-backup.ts';
import { restoreBackup } from '../state/restore-backup.ts';
import { keepFilesPrivate } from '../state/state-folder.ts';
import { type StateOptions, stateAtHand, WHOSE_STATE } from './state-at-hand.ts';

export function backupCommand(): Command {
  return new Command('backup')
    .description(
      'Copy history, unsent alerts, models and alert levels to a file, also of a running daemon.',
    )
    .argument('<file>', '.tar.gz')
    .option('-c, --config <file>', WHOSE_STATE)
    .option('--state <folder>', 'this folder instead')
    .addHelpText('after', '\nExample:\n  $ sudo sentigon backup /media/stick/sentigon.tar.gz')
    .action(async (file: string, options: StateOptions) => {
      keepFilesPrivate();
      const state = stateAtHand(options);
      const stop = listenForStop();
      try {
        await makeBackup(state, file, Date.now(), stop.signal);
      } finally {
        stop.release();
      }
      print(`${state} is in ${file}`);
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('Put the state of a backup in place. The daemon has to be stopped.')
    .argument('<file>', 'made by sentigon backup')
    .option('-c, --config <file>', WHOSE_STATE)
    .option('--state <folder>', 'this folder instead')
    .option('--force', 'put a state that is there aside')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sentigon restore --force /media/stick/sentigon.tar.gz',
    )
    .action((file: string, options: StateOptions & { force?: true }) => {
      keepFilesPrivate();
      const state = stateAtHand(options);
      const force = options.force === true;
      const { former } = restoreBackup(file, state, { force, nowMs: Date.now() });
      if (former !== undefined) print(`the former state is in ${former}`);
      const unit = unitOf(options.config);
      print(`${state} is that of ${file}: start the daemon, e.g. sudo systemctl start ${unit}`);
    });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
