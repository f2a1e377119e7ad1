// `sentigon backup` and `sentigon restore`: the state of a daemon as one file.
import { Command } from 'commander';
import { listenForStop } from '../process/stop.ts';
import { type StateOptions, stateAtHand, unitOf, WHOSE_STATE } from '../service/places.ts';
import { makeBackup } from '../state/make-backup.ts';
import { restoreBackup } from '../state/restore-backup.ts';
import { keepFilesPrivate } from '../state/state-folder.ts';

export function backupCommand(): Command {
  return new Command('backup')
    .argument('<file>', '.tar.gz')
    .option('-c, --config <file>', WHOSE_STATE)
    .option('--state <folder>', 'state folder to use instead')
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
      print(`saved ${state} to ${file}`);
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .argument('<file>', 'file that sentigon backup made')
    .option('-c, --config <file>', WHOSE_STATE)
    .option('--state <folder>', 'state folder to use instead')
    .option('--force', 'move an existing state aside')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sentigon restore --force /media/stick/sentigon.tar.gz',
    )
    .action((file: string, options: StateOptions & { force?: true }) => {
      keepFilesPrivate();
      const state = stateAtHand(options);
      const force = options.force === true;
      const { former } = restoreBackup(file, state, { force, nowMs: Date.now() });
      if (former !== undefined) print(`moved the previous state to ${former}`);
      const unit = unitOf(options.config);
      print(`restored ${state} from ${file}: start the daemon, e.g. sudo systemctl start ${unit}`);
    });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
