// Names in the state folder of a daemon.

/** The history: alerts, scores and the outbox. */
export const HISTORY_FILE = 'history.db';

/** Folder for copies of the history. */
export const BACKUPS = 'backups';
