// `sentigon report`: a run as one page.
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { reportPage } from '../evaluate/report-page.ts';
import { readRun } from '../evaluate/run-files.ts';

const EXAMPLE = `
Example:
  $ sentigon evaluate --detectors gon --datasets host-faults --runs runs
  $ sentigon report runs/host-faults_host-faults_gon_1.json.gz --out gon.html`;

export function reportCommand(): Command {
  return new Command('report')
    .description('Write a run of sentigon evaluate --runs as one HTML page that needs no network.')
    .argument('<run>', 'file of a run')
    .option('-o, --out <file>', 'page to write (default: beside the run, with .html)')
    .addHelpText('after', EXAMPLE)
    .action(report);
}

function report(path: string, { out }: { readonly out?: string }): void {
  const page = out ?? path.replace(/(\.json)?(\.gz)?$/, '.html');
  if (page === path)
    throw new ConfigError(`${path} would be overwritten: name another file with --out`);
  writeFileSync(page, reportPage(readRun(path)));
  process.stdout.write(`${page}\n`);
}
