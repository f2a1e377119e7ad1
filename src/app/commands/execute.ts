// From a request as it came to its reply.
import type { Reply } from '../../core/control.ts';
import { ConfigError, KnownError } from '../../core/errors.ts';
import { parseOptions } from '../../core/registry.ts';
import type { Log } from '../log.ts';
import type { CommandContext } from './command.ts';
import { commands } from './index.ts';

/** Never rejects: whoever may ask something must not be able to end the daemon with it. A bug is logged. */
export async function execute(
  verb: string,
  request: unknown,
  context: CommandContext,
  log: Log,
): Promise<Reply> {
  try {
    const command = commands.get(verb);
    if (!command) {
      throw new ConfigError(
        `'${verb}' is unknown: choose one of ${[...commands.keys()].join(', ')}`,
      );
    }
    const parsed = parseOptions(command.request, request, `request ${verb}`);
    const data = await command.run(parsed, context);
    log.info({ verb }, 'request carried out');
    return { status: 'ok', data };
  } catch (error) {
    if (error instanceof KnownError) {
      return { status: 'error', code: error.code, error: error.message };
    }
    log.error({ verb, stack: (error as Error).stack }, 'bug in a request');
    return { status: 'error', code: 'BUG', error: 'this is a bug in sentigon: see its log' };
  }
}
