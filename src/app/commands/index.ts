// Runs a request and returns its reply.
import type { Reply } from '../../core/control.ts';
import { ConfigError, KnownError } from '../../core/errors.ts';
import type { Log } from '../log.ts';
import { ack, alerts, rows } from './alerts.ts';
import { anomaly } from './anomaly.ts';
import type { Command, CommandContext } from './command.ts';
import { backup, healthCheck, info, reload } from './daemon.ts';
import { maintenance } from './maintenance.ts';
import { models, retrain, rollback } from './models.ts';
import { normal, silence } from './normal.ts';
import { outbox, testSink } from './outbox.ts';
import { parseRequest } from './request-faults.ts';
import { routines } from './routines.ts';

/** Every verb there is, in the order of verbs.ts. */
export const commands: ReadonlyMap<string, Command> = new Map(
  [
    ...[healthCheck, info, alerts, rows, ack, normal, routines, silence, maintenance],
    ...[models, retrain, rollback, anomaly, outbox, testSink, backup, reload],
  ].map((command: Command) => [command.verb, command]),
);

/** Never rejects, because a request must not end the daemon. A bug is logged. */
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
        `${verb === '' ? 'no verb is named' : `'${verb}' is unknown`}: choose one of ${[...commands.keys()].join(', ')}`,
        { code: 'SEN_CFG_UNKNOWN_REQUEST' },
      );
    }
    const ids = context.info().streams.map(({ id }) => id);
    const parsed = parseRequest(command, request, ids);
    const data = await command.run(parsed, context);
    log.info({ verb }, 'request done');
    return { status: 'ok', data };
  } catch (error) {
    if (error instanceof KnownError) {
      const { code, message, errorCode } = error;
      return { status: 'error', code, error: message, ...(errorCode && { errorCode }) };
    }
    log.error({ verb, stack: (error as Error).stack }, 'bug in a request');
    return { status: 'error', code: 'BUG', error: 'this is a bug in sentigon: see its log' };
  }
}
