import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import type { Command } from './command.ts';

/** Has the configuration read again. What came of it is in the log: the sinks may have to be made anew for it. */
export const reload: Command<object> = {
  verb: 'reload',
  summary: 'read the configuration again, as SIGHUP does',
  request: z.strictObject({}),
  run(_, context) {
    if (!context.reload) {
      throw new ConfigError(
        'this daemon has no configuration to read again: start it with a file, and not in a terminal',
      );
    }
    setImmediate(context.reload); // the answer goes first
    return { reloading: true };
  },
};
