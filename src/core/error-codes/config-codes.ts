import { entry } from './entry.ts';

/** Configuration, command line, and requests to a running daemon. */
export const configCodes = {
  SEN_CFG_CHANNEL_TWICE: entry(
    'Two readings of a source would have the same channel name.',
    'Give each its own name, or use a * in the name.',
  ),
  SEN_CFG_COMPRESS: entry(
    'A model cannot be compressed in this way or with this recording.',
    'Name another method, or a recording of the same channels without faults.',
  ),
  SEN_CFG_COMPRESS_WORSE: entry(
    'A compressed model does worse than the model that it was made from.',
    'Remove less with a smaller --ratio, or write it anyway with --force.',
  ),
  SEN_CFG_DETECTOR: entry(
    'A detector of `evaluate` or `compare` is unknown, or its settings are wrong.',
    'Choose one of those listed; write settings as key=value.',
  ),
  SEN_CFG_EMPTY: entry(
    'The configuration file is empty.',
    'Start from `sentigon config example` or `sentigon init`.',
  ),
  SEN_CFG_FAULTS: entry(
    'The configuration has faults.',
    'Correct each line that is named; `sentigon config check` lists what is left.',
  ),
  SEN_CFG_FILE_MISSING: entry(
    'There is no configuration file where one is needed.',
    'Name one with --config, or write one with `sentigon init`.',
  ),
  SEN_CFG_FILE_UNREADABLE: entry(
    'The configuration file does not exist, may not be read, or is no UTF-8 text.',
    'Name a file that this user may read, and save it as UTF-8.',
  ),
  SEN_CFG_GPIO_READER: entry(
    'The GPIO reader `onoff` cannot do what is asked of it.',
    'Use the reader gpiomon, or change the line as the message says.',
  ),
  SEN_CFG_INSTANCE_FILE: entry(
    'The configuration of a service instance is not at the place its unit reads.',
    'Move the file there, or choose another instance name.',
  ),
  SEN_CFG_KIND_OPTIONS: entry(
    'Options of a source, sink, detector, command or request are wrong.',
    'Correct the options that are named.',
  ),
  SEN_CFG_MIGRATION: entry(
    'A configuration of an older form cannot be rewritten.',
    'Correct what the message names, or make its folder writable.',
  ),
  SEN_CFG_NEWER_VERSION: entry(
    'The configuration was written for a later release.',
    'Install that release, or use the backup of the file that is named.',
  ),
  SEN_CFG_NOTHING_TO_READ: entry(
    'A source names nothing that it could read.',
    'Set its files, presets, channels or devices.',
  ),
  SEN_CFG_NO_ANOMALY: entry(
    '“This was normal” was said of something that is no recent anomaly.',
    'Name the id of an anomaly.',
  ),
  SEN_CFG_SEVERAL_ANOMALIES: entry(
    '“This was normal” was said of a stream that has several open anomalies.',
    'Name one of them by its id; the message lists them.',
  ),
  SEN_CFG_NOT_OPEN: entry(
    'An alert was to be accepted as the new normal, but it is not open.',
    'Leave out stays=true, or name an open alert.',
  ),
  SEN_CFG_NO_BROKER: entry(
    'A source, a sink or the fleet page needs an MQTT broker, and none is configured.',
    'Set broker.url, or enable the embedded broker.',
  ),
  SEN_CFG_NO_DATASET: entry('There is no data set to judge by.', 'Fetch one, or name its folder.'),
  SEN_CFG_NO_INTERVAL: entry(
    'The times of a recording give no usual interval between rows.',
    'Set --interval, or record longer.',
  ),
  SEN_CFG_NO_NETWORK: entry(
    'A model without a network is to be exported as one.',
    'Export a model of one of the detectors that are listed.',
  ),
  SEN_CFG_NO_OWN_MODEL: entry(
    'A stream has no model that the daemon could train or change now.',
    'Remove `model` from its configuration, or wait until it has learnt.',
  ),
  SEN_CFG_NO_RELEASES: entry(
    'It is not configured where releases are.',
    'Set update.from, or use --from.',
  ),
  SEN_CFG_NO_RELEASE_KEY: entry(
    'There is no public key to check releases with.',
    'Set update.publicKey, or use --public-key, with a key from whoever makes the releases.',
  ),
  SEN_CFG_NO_RELOAD: entry(
    'The daemon was started without a configuration file that it could read again.',
    'Start it with a file, and not in a terminal.',
  ),
  SEN_CFG_NO_ROWS_KEPT: entry(
    'A stream keeps no rows to train on.',
    'Set retrain.keepHours above 0.',
  ),
  SEN_CFG_NO_TEST: entry(
    'A sink is unknown, or sends no test messages.',
    'Choose one of those that the message names.',
  ),
  SEN_CFG_NO_TERMINAL: entry(
    'A command wants to ask, and standard input is no terminal.',
    'Answer by options, and add --yes.',
  ),
  SEN_CFG_OPTION: entry(
    'An option of the command line is missing, wrong, or does not go with another.',
    'Change the option that is named; --help lists all.',
  ),
  SEN_CFG_OUTBOX_EMPTY: entry(
    'Nothing waits in the outbox under that name.',
    'List it with action=list.',
  ),
  SEN_CFG_OUTBOX_IN_USE: entry(
    'Alerts of a sink that is configured are to be dropped.',
    'Add all=true if they are to be lost.',
  ),
  SEN_CFG_OUTBOX_SINK: entry(
    'Alerts are to be moved to a sink that cannot take them.',
    'Choose one of the sinks that are listed.',
  ),
  SEN_CFG_OUTPUT_EXISTS: entry(
    'A command would overwrite a file.',
    'Name another one with --out, or use --force where there is one.',
  ),
  SEN_CFG_OUTPUT_FOLDER: entry('The folder of --out does not exist.', 'Make it first.'),
  SEN_CFG_PASSWORD: entry(
    'The password file of the web page is too short, unreadable, or cannot be made.',
    'Write a longer password into it, or name another file in web.passwordFile.',
  ),
  SEN_CFG_PATTERN: entry(
    'The regular expression of a channel is broken, has no group, or stands beside a JSON path.',
    'Put one group around the number, e.g. (\\d+).',
  ),
  SEN_CFG_PLUGIN_API: entry(
    'A plug-in has no default export, or is made for another version of the interface.',
    'Install the release of the plug-in that was made for this version.',
  ),
  SEN_CFG_PLUGIN_LOAD: entry(
    'The module of a plug-in throws when it is loaded.',
    'Tell its author what the message says, or install its packages again.',
  ),
  SEN_CFG_PLUGIN_MAKE: entry(
    'A source or sink of a plug-in cannot be made with these options.',
    'Correct the options, or tell the author of the plug-in.',
  ),
  SEN_CFG_PLUGIN_MISSING: entry(
    'A plug-in that is configured is neither a file nor an installed package.',
    'Install it in the folder that is named, or correct the path.',
  ),
  SEN_CFG_PLUGIN_PACKAGE: entry(
    'The package of a plug-in exports nothing that can be imported.',
    'Install it again, or tell its author.',
  ),
  SEN_CFG_PLUGIN_SHAPE: entry(
    'What a plug-in exports is not what the interface asks for.',
    'Tell its author which fields are named.',
  ),
  SEN_CFG_PLUGIN_TWICE: entry('Two plug-ins bring the same kind.', 'Leave one of the two out.'),
  SEN_CFG_PLUGIN_UNTRUSTED: entry(
    'Others than root and this user may change the files of a plug-in.',
    'Take the right to write from them, as the message says.',
  ),
  SEN_CFG_PORT: entry(
    'A port of the page, the metrics or the embedded broker is in use or may not be opened.',
    'Choose another port or host in the section that is named.',
  ),
  SEN_CFG_RELEASE_KEY: entry(
    'update.publicKey is no Ed25519 public key, or its file cannot be read.',
    'Name the file with the key, or write the key itself.',
  ),
  SEN_CFG_SERIES: entry(
    'The name of a series fits none, or more than one.',
    'Choose one of those that are listed.',
  ),
  SEN_CFG_SOURCE_FOLDER: entry(
    'The program runs from a folder of sources, which updates do not replace.',
    'Update it with git and npm.',
  ),
  SEN_CFG_STREAM_STOPPED: entry(
    'A stream was stopped during its training.',
    'Nothing: its model is what it was.',
  ),
  SEN_CFG_TOPIC: entry(
    'A topic, topic filter or stream name cannot be used over MQTT.',
    'Correct it as the message says.',
  ),
  SEN_CFG_TRAINING_RUNS: entry('Another training runs.', 'Wait until it is done.'),
  SEN_CFG_UNKNOWN_ALERT: entry('There is no alert of that id.', 'Take the id from an event.'),
  SEN_CFG_UNKNOWN_CHANNEL: entry(
    'Limits or counters name a channel that the stream does not have.',
    'Choose one of those that are listed.',
  ),
  SEN_CFG_UNKNOWN_KIND: entry(
    'There is no source, sink, detector or threshold of that kind.',
    'Choose one of those that are listed, or add the plug-in that brings it.',
  ),
  SEN_CFG_UNKNOWN_MODEL: entry(
    'There is no kept model of that id, or no previous one.',
    'Choose one of those that are listed.',
  ),
  SEN_CFG_UNKNOWN_REQUEST: entry(
    'There is no request of that name.',
    'Choose one of those that are listed.',
  ),
  SEN_CFG_STRETCH: entry(
    'A stretch cannot be marked as an anomaly: it runs backwards or into the future, or there are too many.',
    'Name a stretch of the past, from < to, or remove others with undo=<id>.',
  ),
  SEN_CFG_UNKNOWN_STRETCH: entry(
    'No stretch of that id is marked as an anomaly.',
    'Take an id that `sentigon ctl anomaly` lists.',
  ),
  SEN_CFG_UNKNOWN_ROUTINE: entry(
    'A request names a routine that does not exist, or was removed.',
    'Take an id that `sentigon ctl routines` lists.',
  ),
  SEN_CFG_UNKNOWN_STREAM: entry(
    'There is no stream of that name.',
    'Choose one of those that are listed.',
  ),
  SEN_CFG_UNKNOWN_WINDOW: entry(
    'There is no maintenance window of that id.',
    'List them with action=list.',
  ),
} as const;
