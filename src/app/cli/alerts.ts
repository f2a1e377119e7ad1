// `sentigon alerts`: what the daemon that runs on this machine has found, and the rows behind it.
import { Command } from 'commander';
import { createCsvWriter } from '../../io/csv/writer.ts';
import type { AlertPayload } from '../../io/text/alert-payload.ts';
import { alertText } from '../alerts/alert-text.ts';
import type { RowsAnswer } from '../commands/rows.ts';
import { ask } from './ask.ts';
import { numberOption } from './options.ts';
import { type StateOptions, WHOSE_STATE } from './state-at-hand.ts';

const EXAMPLE = `
Examples:
  $ sentigon alerts --days 1
  $ sentigon alerts show anomaly-host-1795536814006
  $ sentigon alerts show anomaly-host-1795536814006 --csv rows.csv    which replay and train read`;

export function alertsCommand(): Command {
  return new Command('alerts')
    .description('Print what the running daemon has found, and the rows behind it.')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addHelpText('after', EXAMPLE);
}

interface ListOptions extends StateOptions {
  readonly stream?: string;
  readonly days: number;
  readonly json?: true;
}

function listCommand(): Command {
  return withState(new Command('list'))
    .description('The newest state of each alert, with its id.')
    .option('--stream <id>', 'of this stream (default: of all)')
    .option('--days <n>', 'of so many days', numberOption, 7)
    .option('--json', 'a line of JSON for each')
    .action(async ({ stream, days, json, ...options }: ListOptions) => {
      const request = { days, ...(stream !== undefined && { stream }) };
      const { alerts } = (await ask('alerts', request, options)) as { alerts: AlertPayload[] };
      for (const alert of alerts) {
        print(json ? JSON.stringify(alert) : `${alertText(alert)}\n    ${alert.id}`);
      }
      if (alerts.length === 0 && !json) print(`no alerts within ${days} days`);
    });
}

interface ShowOptions extends StateOptions {
  readonly csv?: string;
  readonly json?: true;
}

function showCommand(): Command {
  return withState(new Command('show'))
    .description('One alert, and the rows of all channels that were kept with it.')
    .argument('<id>', 'of the alert')
    .option('--csv <file>', 'write the rows to this file; gzip when it ends in .gz')
    .option('--json', 'alert and rows as JSON')
    .action(async (id: string, { csv, json, ...options }: ShowOptions) => {
      const answer = (await ask('rows', { alert: id }, options)) as RowsAnswer;
      if (csv !== undefined) await writeRows(csv, answer);
      print(json ? JSON.stringify(answer) : `${alertText(answer.alert)}\n${rowsText(answer, csv)}`);
    });
}

function withState(command: Command): Command {
  return command
    .option('-c, --config <file>', WHOSE_STATE)
    .option('--state <folder>', 'this folder instead');
}

/** Throws `StoreError` when the file is there, or cannot be written. */
async function writeRows(file: string, { channels, ts, rows }: RowsAnswer): Promise<void> {
  const writer = await createCsvWriter(file, channels);
  for (const [row, time] of ts.entries()) {
    const values = Float64Array.from(rows[row] ?? [], (value) => value ?? Number.NaN);
    writer.write({ timeMs: Date.parse(time), values });
  }
  await writer.close();
}

function rowsText({ channels, ts }: RowsAnswer, csv: string | undefined): string {
  if (ts.length === 0) return 'no rows are kept with it';
  const found = `${ts.length} rows of ${channels.length} channels, ${ts[0]} to ${ts.at(-1)}`;
  return csv === undefined ? `${found}: --csv writes them` : `${found}, in ${csv}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
