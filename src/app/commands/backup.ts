import { z } from 'zod';
import type { Command } from './command.ts';

/** Copies history, outbox and decisions into the state folder; the newest copies are kept. */
export const backup: Command<object> = {
  verb: 'backup',
  summary: 'copy the history into the state folder',
  request: z.strictObject({}),
  run: (_, { store, backups }) => store.backup(backups),
};
