// `sentigon report`: writes a run, a search, an optimisation or a simulation as one HTML page.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { writeWhole } from '../../io/files/written-file.ts';
import { reportPage } from '../evaluate/report-page.ts';
import { readRun } from '../evaluate/run-files.ts';
import { hasJournal } from '../optimise/journal.ts';
import { optimisePage } from '../optimise/optimise-page.ts';
import { readJournal } from '../search/journal.ts';
import { searchPage } from '../search/search-page.ts';
import { readSearchResult } from '../search/search-result.ts';
import { readTaken } from '../search/take-point.ts';
import { readSimulation } from '../simulate/simulation-file.ts';
import { simulationPage } from '../simulate/simulation-page.ts';
import { requireOutput } from './output-file.ts';

const EXAMPLE = `
Example:
  $ sentigon evaluate --detectors gon --datasets host-faults --runs runs
  $ sentigon report runs/host-faults_host-faults_gon_1.json.gz --out gon.html
  $ sentigon report found                  a folder of a search
  $ sentigon report pump.json              a simulation`;

export function reportCommand(): Command {
  return new Command('report')
    .argument('<run>', 'file of a run or a simulation, or folder of a search or an optimisation')
    .option('-o, --out <file>', 'page to write (default: beside the run, or in the folder)')
    .addHelpText('after', EXAMPLE)
    .action(report);
}

function report(path: string, { out }: { readonly out?: string }): void {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const page = out ?? (isFolder ? join(path, 'report.html') : besideRun(path));
  if (page === path)
    throw new ConfigError(`${path} would be overwritten: name another file with --out`, {
      code: 'SEN_CFG_OUTPUT_EXISTS',
    });
  if (out !== undefined) requireOutput('--out', out, { run: path });
  const html = isFolder ? pageOfFolder(path) : pageOfFile(path);
  requireOutput('the page', page); // beside a run that was read
  writeWhole(page, html);
  process.stdout.write(`${page}\n`);
}

/** Only a file that says so is a simulation; all others are read as runs, which say what is wrong with them. */
function pageOfFile(path: string): string {
  const simulation = readSimulation(path);
  return simulation ? simulationPage(simulation) : reportPage(readRun(path));
}

function besideRun(path: string): string {
  return path.replace(/(\.json)?(\.gz)?$/, '.html');
}

function pageOfFolder(folder: string): string {
  if (hasJournal(folder)) return optimisePage(folder);
  return searchPage(readJournal(folder).header, readSearchResult(folder), readTaken(folder));
}
