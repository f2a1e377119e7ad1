// `sentigon alerts`: the alerts of the daemon that runs on this machine, and the rows behind them.
import { Command } from 'commander';
import { createCsvWriter } from '../../io/csv/writer.ts';
import type { AlertPayload } from '../../io/text/alert-payload.ts';
import { figure, withUnit } from '../../io/text/quantity.ts';
import { alertText } from '../alerts/alert-text.ts';
import type { RowsAnswer } from '../commands/alerts.ts';
import { type StateOptions, WHOSE_STATE } from '../service/places.ts';
import { textTable } from '../text-table.ts';
import { ask } from './ctl.ts';
import { numberOption } from './options.ts';

const EXAMPLE = `
Examples:
  $ sentigon alerts --days 1
  $ sentigon alerts show anomaly-host-1795536814006
  $ sentigon alerts show anomaly-host-1795536814006 --csv rows.csv    a file for replay and train`;

export function alertsCommand(): Command {
  return new Command('alerts')
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
    .description('Print the newest state of each alert, with its id.')
    .option('--stream <id>', 'only this stream (default: all)')
    .option('--days <n>', 'alerts of the last n days', numberOption, 7)
    .option('--json', 'print each alert as a line of JSON')
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
    .description('Print one alert, and the rows of all channels that were kept with it.')
    .argument('<id>', 'id of the alert')
    .option('--csv <file>', 'write the rows to this file; compressed if it ends in .gz')
    .option('--json', 'print alert and rows as JSON')
    .action(async (id: string, { csv, json, ...options }: ShowOptions) => {
      const answer = (await ask('rows', { alert: id }, options)) as RowsAnswer;
      if (csv !== undefined) await writeRows(csv, answer);
      if (json) print(JSON.stringify(answer));
      else
        print(
          [alertText(answer.alert), ...seenTable(answer.alert), rowsText(answer, csv)].join('\n'),
        );
    });
}

/** What the channels showed, beside what they show in normal rows. */
function seenTable({ attribution }: AlertPayload): string[] {
  if (attribution.length === 0) return [];
  const rows = attribution.map((part): string[] => {
    const { channel, share, value, unit, usual } = part;
    const seen = value === null ? '-' : withUnit(figure(value), unit);
    const normal = usual ? `${figure(usual.low)} to ${withUnit(figure(usual.high), unit)}` : '-';
    return [channel, `${Math.round(100 * share)} %`, seen, normal];
  });
  return ['', textTable([['channel', 'share', 'seen', 'usual'], ...rows], () => false), ''];
}

function withState(command: Command): Command {
  return command
    .option('-c, --config <file>', WHOSE_STATE)
    .option('--state <folder>', 'state folder to use instead');
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
  if (ts.length === 0) return 'no rows were kept with this alert';
  const found = `${ts.length} rows of ${channels.length} channels, ${ts[0]} to ${ts.at(-1)}`;
  return csv === undefined ? `${found}: --csv writes them` : `${found}, in ${csv}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
