import { ack } from './ack.ts';
import { alerts } from './alerts.ts';
import { backup } from './backup.ts';
import type { Command } from './command.ts';
import { healthCheck } from './health-check.ts';
import { info } from './info.ts';
import { maintenance } from './maintenance.ts';
import { models } from './models.ts';
import { normal } from './normal.ts';
import { outbox } from './outbox.ts';
import { reload } from './reload.ts';
import { retrain } from './retrain.ts';
import { rollback } from './rollback.ts';
import { rows } from './rows.ts';
import { silence } from './silence.ts';

/** Every verb there is, in the order of the help text. */
export const commands: ReadonlyMap<string, Command> = new Map(
  [
    ...[healthCheck, info, alerts, rows, ack, normal, silence, maintenance],
    ...[models, retrain, rollback, outbox, backup, reload],
  ].map((command: Command) => [command.verb, command]),
);
