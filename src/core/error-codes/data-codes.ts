import { entry } from './entry.ts';

/** Sources, recordings, data sets and folders of a search. */
export const sourceCodes = {
  SEN_SRC_CSV_HEADER: entry(
    'A recording is empty, or its header cannot be used.',
    'Begin it with a line that names the time and the channels.',
  ),
  SEN_SRC_CSV_MISSING: entry('A recording does not exist.', 'Correct its path.'),
  SEN_SRC_CSV_ROW: entry(
    'A row of a recording cannot be read, or there is none.',
    'Correct the row, or set onBadRow to skip.',
  ),
  SEN_SRC_CSV_UNREADABLE: entry(
    'A recording is a folder, damaged, or may not be read.',
    'Copy it again, or name another file.',
  ),
  SEN_SRC_DATASET: entry(
    'A file of a data set is missing or not as published.',
    'Fetch the data set again.',
  ),
  SEN_SRC_DATASET_MISSING: entry(
    'There is no such data set or series.',
    'Fetch it, or choose one of those that are listed.',
  ),
  SEN_SRC_FILES_MISSING: entry(
    'None of the files or sensors of a source is there.',
    'Load their drivers, or correct the paths.',
  ),
  SEN_SRC_GPIO_CHIP: entry(
    'The GPIO chip of the header is not clear.',
    'Set chip to the label of the one you mean.',
  ),
  SEN_SRC_GPIO_LINE: entry(
    'A GPIO line cannot be had, or was lost.',
    'End other programs that use it, and check the rights of this user.',
  ),
  SEN_SRC_GPIO_OUTPUT: entry(
    'gpiomon or gpioget printed something unexpected.',
    'Install the gpiod tools of Debian 13, or set reader to onoff.',
  ),
  SEN_SRC_NO_ANSWER: entry(
    'A Modbus device does not answer.',
    'Check the line, the unit id and timeoutMs.',
  ),
  SEN_SRC_NO_DEVICES: entry(
    'No device was heard on the topics of a preset.',
    'Correct base, or set a longer listenMs.',
  ),
  SEN_SRC_NO_TEXT: entry(
    'A line is so long that it can hardly be text.',
    'Check that the source prints lines.',
  ),
  SEN_SRC_OPTIMISE_FAILS: entry(
    'The first evaluations of an optimisation all failed.',
    'Run the command by hand and correct it; the journal keeps what was done.',
  ),
  SEN_SRC_OPTIMISE_OUTPUT: entry(
    'A program printed no JSON, or no finite number where an objective or a constraint should be.',
    'Correct the program, or the path in the problem file.',
  ),
  SEN_SRC_PLUGIN: entry(
    'A source of a plug-in failed.',
    'Do what its message says, or tell its author.',
  ),
  SEN_SRC_PORT: entry(
    'A serial port or Modbus connection cannot be opened, or was lost.',
    'Plug it in, and let this user read it (group dialout).',
  ),
  SEN_SRC_PROGRAM: entry(
    'A program ended when it should not, or with an error.',
    'Run it by hand and mend what it reports.',
  ),
  SEN_SRC_PROGRAM_OUTPUT: entry(
    'A program printed far more than a reading.',
    'Check that it is the right program.',
  ),
  SEN_SRC_PROGRAM_SLOW: entry(
    'A program was not done in time and was killed.',
    'Raise timeoutMs, or make the program faster.',
  ),
  SEN_SRC_PROOF: entry(
    'A file with published or measured search results is damaged.',
    'Fetch or restore it.',
  ),
  SEN_SRC_RESULTS: entry(
    'A file holds no results of an evaluation.',
    'Make it again with `sentigon evaluate`, or move it away.',
  ),
  SEN_SRC_SEARCH_CHANGED: entry(
    'The data, the profiles, the problem or the method differ from those that a search or an optimisation began with.',
    'Bring them back, or start a new one.',
  ),
  SEN_SRC_SEARCH_FOLDER: entry(
    'The folder of a search or an optimisation is damaged, unfinished, or none.',
    'Name its --out folder, or start a new one.',
  ),
  SEN_SRC_STDIN: entry('Standard input cannot be read.', 'Check the program before the pipe.'),
} as const;

/** Data and models. */
export const modelCodes = {
  SEN_CAL_DIVERGED: entry(
    'A training gave numbers that are none.',
    'Train again, with a smaller learning rate where there is one.',
  ),
  SEN_CAL_LABELS: entry(
    'A series has too few labelled events to judge or search by.',
    'Take a series with more of them.',
  ),
  SEN_CAL_MATRIX: entry(
    'A fit failed because rows or columns depend on each other.',
    'Record longer, or leave out channels that are copies of others.',
  ),
  SEN_CAL_NOTHING_MOVES: entry(
    'No channel of a recording ever changes.',
    'Record while the device does its ordinary work.',
  ),
  SEN_CAL_PRUNING: entry(
    'No pruning threshold keeps the accuracy that was asked for.',
    'Lower the floor, or leave the model as it is.',
  ),
  SEN_CAL_SILENT_CHANNEL: entry(
    'A channel has no reading in the whole recording.',
    'Leave it out, or record longer.',
  ),
  SEN_CAL_STORED_LEVEL: entry(
    'A stored alert level is of another kind of threshold.',
    'Nothing: it is fitted again.',
  ),
  SEN_CAL_TOO_SHORT: entry(
    'There are too few unbroken rows to train or to set an alert level.',
    'Record longer, raise `learn.rows`, or lower the window length.',
  ),
  SEN_SHP_CHANNELS: entry(
    'The channels of a stream are not those of its model.',
    'Name the model that was trained on this source, or train one.',
  ),
  SEN_SHP_LABELS: entry(
    'Scores, labels and channels of a series do not fit together.',
    'Give one label and one score for each row.',
  ),
  SEN_SHP_SAMPLE: entry(
    'A sample has another number of values than the stream has channels.',
    'Correct the source or the plug-in that gives it.',
  ),
  SEN_SHP_TRIALS: entry(
    'Two observers that are compared saw different trials.',
    'Pair them by trial.',
  ),
  SEN_SHP_WINDOW: entry(
    'A window is not of the size that the model needs.',
    'Use the model with the window length it was trained on.',
  ),
  SEN_WGT_ALTERED: entry(
    'A model file was changed after it was written.',
    'Restore it, or train it again.',
  ),
  SEN_WGT_CHECKPOINT: entry(
    'A checkpoint is of a training with other settings.',
    'Start the training anew.',
  ),
  SEN_WGT_DESIGN: entry(
    'The design of a model and its weights do not fit together.',
    'Train it again.',
  ),
  SEN_WGT_FORMAT: entry(
    'A model file is of a format that this release does not read.',
    'Train it again, or install the release that wrote it.',
  ),
  SEN_WGT_GROWTH: entry('A file holds no growth.', 'Begin it anew.'),
  SEN_WGT_NOT_OURS: entry('A file is no model of Sentigon.', 'Train one with `sentigon train`.'),
  SEN_WGT_PLUGIN: entry(
    'A plug-in cannot load its model.',
    'Train it again, or tell the author of the plug-in.',
  ),
  SEN_WGT_TRUNCATED: entry('A model file is cut off.', 'Copy it or train it again.'),
  SEN_WGT_UNREADABLE: entry(
    'A model file does not exist or may not be read.',
    'Correct its path, or train one with `sentigon train`.',
  ),
} as const;
