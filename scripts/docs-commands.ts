// Runs the commands of documents in a fresh clone, as a new user would: npx tsx scripts/docs-commands.ts [page ...]
// Without pages: README.md, docs/install.md and docs/evaluating.md. It runs the last commit, not what has changed since.
// A comment on the line before a block says what is different about it:
//   <!-- not run: reason -->    the block is listed and left out, e.g. since it needs root or Home Assistant
//   <!-- run for 20 s -->       the command has no end: it must still run after that time, and is then stopped
// Prints a line for each command. Exit code 1 when one failed, with the end of what it printed.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine } from './command-line.mjs';
import { blocksOf, commandsOf } from './documents/blocks.ts';
import { REPOSITORY, readDocument } from './documents/files.ts';

const PAGES = ['README.md', 'docs/install.md', 'docs/evaluating.md'];
/** Of the output of a command that failed. */
const SHOWN_CHARACTERS = 2000;

interface Step {
  readonly place: string;
  readonly command: string;
  readonly skipped?: string;
  readonly seconds?: number;
}

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

function stepsOf(page: string, document: string): readonly Step[] {
  return blocksOf(document)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text, line, comment = '' }) => {
      const [, skipped] = /^not run: (.+)$/.exec(comment) ?? [];
      const [, seconds] = /^run for (\d+) s$/.exec(comment) ?? [];
      const place = `${page}:${line}`;
      return commandsOf(text).map((command) => ({
        place,
        command,
        ...(skipped !== undefined && { skipped }),
        ...(seconds !== undefined && { seconds: Number(seconds) }),
      }));
    });
}

/** In a process group of its own, so that what it has started ends with it. */
async function outcomeOf({ command, seconds }: Step, folder: string): Promise<Outcome> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-SHOWN_CHARACTERS);
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (seconds === undefined) return { passed: (await ended) === 0, output };
  const running = sleep(seconds * 1000, 'running' as const);
  const first = await Promise.race([ended, running]);
  if (first === 'running' && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  await ended;
  return { passed: first === 'running', output };
}

const { positionals } = commandLine({ allowPositionals: true });
const folder = mkdtempSync(join(tmpdir(), 'sentigon-clone-'));
let failures = 0;
try {
  execFileSync('git', ['clone', '--quiet', REPOSITORY, folder]);
  const pages = positionals.length > 0 ? positionals : PAGES;
  for (const step of pages.flatMap((page) => stepsOf(page, readDocument(page, folder)))) {
    const { place, command, skipped } = step;
    if (skipped !== undefined) {
      console.log(`not run  ${place}  ${command}  (${skipped})`);
      continue;
    }
    const startMs = performance.now();
    const { passed, output } = await outcomeOf(step, folder);
    const took = `${((performance.now() - startMs) / 1000).toFixed(0)} s`;
    console.log(`${passed ? 'passed ' : 'FAILED '}  ${place}  ${command}  (${took})`);
    if (!passed) {
      failures++;
      console.log(output.replaceAll(/^/gm, '         '));
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = failures > 0 ? 1 : 0;
