import { entry } from './entry.ts';

/** The state folder, backups and files that are written. */
export const storeCodes = {
  SEN_STO_BACKUP_ARCHIVE: entry(
    'A file is no backup, or is damaged.',
    'Name a file that `sentigon backup` made.',
  ),
  SEN_STO_BACKUP_MISSING: entry('The backup does not exist.', 'Correct its path.'),
  SEN_STO_DATABASE: entry(
    'SQLite or the file system reports another fault of the history.',
    'Look up what it says, which stands in the message.',
  ),
  SEN_STO_DISK: entry('The history cannot be read or written.', 'Check the disk.'),
  SEN_STO_DISK_FULL: entry('No space is left on the disk.', 'Free some.'),
  SEN_STO_FILE_EXISTS: entry('A file would be overwritten.', 'Choose another name, or allow it.'),
  SEN_STO_FOLDER_IN_USE: entry(
    'Another process works in the folder of a search or an optimisation.',
    'Wait until it ends, or name another folder.',
  ),
  SEN_STO_IN_USE: entry(
    'Another daemon uses the state folder.',
    'Stop that one, or give this one its own state folder.',
  ),
  SEN_STO_JOB_DATA: entry(
    'The data of a distributed search are gone from Redis.',
    'Start the search again.',
  ),
  SEN_STO_LOCKED: entry(
    'Another program has the history open.',
    'Close it, e.g. sqlite3 or a backup.',
  ),
  SEN_STO_NEWER_VERSION: entry(
    'The history was written by a later release.',
    'Install that release, or move the file away.',
  ),
  SEN_STO_NO_STATE: entry(
    'There is no state to back up.',
    'Name the configuration with --config, or use sudo for that of the service.',
  ),
  SEN_STO_RESTORE_PENDING: entry(
    'A restore was cut short and is not finished.',
    'Start the daemon, which finishes it, or restore again.',
  ),
  SEN_STO_STATE_THERE: entry(
    'There is a state where a backup is to be restored.',
    'Add --force to put it aside.',
  ),
  SEN_STO_WRITE: entry(
    'A file or folder cannot be written.',
    'Check the space on the disk and the owner of the folder.',
  ),
} as const;

/** What the device lacks. */
export const deviceCodes = {
  SEN_DEV_COMMAND: entry(
    'A command of the system failed.',
    'Run it by hand and mend what it reports.',
  ),
  SEN_DEV_CONTROL_SOCKET: entry(
    'The control socket cannot be made.',
    'Check the owner of the state folder and the length of its path.',
  ),
  SEN_DEV_DOCTOR: entry('Checks of `sentigon doctor` failed.', 'Do what stands below each.'),
  SEN_DEV_FOLDER: entry(
    'A working folder cannot be made, or others may write into it.',
    'Run it as the owner of the program, or remove the folder as the message says.',
  ),
  SEN_DEV_GPIOMON: entry(
    'gpiomon is missing or too old.',
    'Install gpiod of Debian 13, or set reader to onoff.',
  ),
  SEN_DEV_JOB: entry(
    'A job ended its worker again and again.',
    'Give it more memory, or run fewer at once.',
  ),
  SEN_DEV_KERNELS: entry('The compiled kernels are missing.', 'Run `npm run build`.'),
  SEN_DEV_MACHINE_MODEL: entry(
    'Other devices cannot be modelled from this one.',
    'Profile each of them, and name the profiles.',
  ),
  SEN_DEV_MEMORY: entry(
    'A network needs more memory than there is.',
    'Take a smaller design or space.',
  ),
  SEN_DEV_METER: entry(
    'A power meter is missing, or does not give readings.',
    'Connect it, correct its options, or profile without a meter.',
  ),
  SEN_DEV_NOT_ROOT: entry('Only root may do this.', 'Use sudo.'),
  SEN_DEV_NO_ANSWER: entry(
    'No daemon answers on the control socket, or this user may not open it.',
    'Start the daemon, name its configuration with --config, or use sudo.',
  ),
  SEN_DEV_NO_PROGRAM: entry(
    'A program that is configured is not installed.',
    'Install it, or correct its name.',
  ),
  SEN_DEV_NO_SYSTEMD: entry(
    'The machine was not started by systemd.',
    'Run `sentigon run` under the supervisor it has.',
  ),
  SEN_DEV_PACKAGE: entry(
    'An optional package is missing or does not load.',
    'Install it as the message says.',
  ),
  SEN_DEV_PROFILE_ENGINE: entry(
    'A profile was measured with another engine.',
    'Profile the device again.',
  ),
  SEN_DEV_REDIS: entry(
    'The Redis server does not answer, or refused a job.',
    'Start it, and look at its memory.',
  ),
  SEN_DEV_TAR: entry('tar cannot be run.', 'Install it: sudo apt install tar.'),
  SEN_DEV_TRAINING_KILLED: entry(
    'The process of a training or a compression was ended by a signal, most likely because memory ran out.',
    'Give the daemon more memory (`MemoryMax` of its unit), or train on fewer rows (`retrain.rows`, `learn.rows`). A live stream is tried again.',
  ),
  SEN_DEV_WEBASSEMBLY: entry(
    'WebAssembly lacks an instruction set that the engine needs.',
    'Set engine to auto or plain.',
  ),
} as const;

/** Plug-ins that fail while they run. */
export const pluginCodes = {
  SEN_PLG_DETECTOR: entry('A detector of a plug-in failed.', 'Tell its author.'),
  SEN_PLG_SINK: entry('A sink of a plug-in failed by a bug.', 'Tell its author.'),
  SEN_PLG_THRESHOLD: entry('A threshold of a plug-in failed.', 'Tell its author.'),
  SEN_PLG_TRAINER: entry('A training of a plug-in failed.', 'Tell its author.'),
} as const;

/** Updates. */
export const updateCodes = {
  SEN_UPD_ALTERED: entry(
    'A release is not what was signed.',
    'Check the place it comes from and the public key; nothing was used of it.',
  ),
  SEN_UPD_BOTH_FAILED: entry(
    'Neither the new release nor the previous one starts.',
    'See the journal; the message names the copies of the state.',
  ),
  SEN_UPD_DOES_NOT_START: entry(
    'The new release does not start on this machine.',
    'Run the command that is named to see why; nothing was changed.',
  ),
  SEN_UPD_DOWNLOAD: entry(
    'A file of a release is too long, cut off or empty.',
    'Run the same command again.',
  ),
  SEN_UPD_MANIFEST: entry(
    'The manifest of a release cannot be read by this release.',
    'Install the release by hand.',
  ),
  SEN_UPD_NODE: entry(
    'A release does not fit the Node that is installed.',
    'Update Node, or build the release here.',
  ),
  SEN_UPD_NOT_REPLACED: entry(
    'The program could not be replaced; nothing was changed.',
    'Mend what the message names, and try again.',
  ),
  SEN_UPD_NO_FILE: entry(
    'A release has no file for this machine.',
    'Build it here from its sources.',
  ),
  SEN_UPD_NO_SPACE: entry('There is too little space for the update.', 'Free some.'),
  SEN_UPD_OLDER: entry(
    'The release is older than the one that runs.',
    'Add --allow-downgrade to go back to it.',
  ),
  SEN_UPD_ROLLED_BACK: entry(
    'The new release did not come up, and the previous one runs again.',
    'See the journal for what it reported.',
  ),
  SEN_UPD_UNREACHABLE: entry(
    'The place of the releases cannot be read.',
    'Check update.from and the network.',
  ),
  SEN_UPD_WRONG_FILE: entry(
    'A package or archive holds another program, version or architecture.',
    'Tell whoever makes the releases.',
  ),
} as const;
