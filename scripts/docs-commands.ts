// Runs the commands of documents in a fresh clone, as a new user would: npx tsx scripts/docs-commands.ts [page ...]
// Without pages: README.md, docs/install.md and docs/evaluating.md. It runs the last commit, not what has changed since.
// A comment on the line before a block says what is different about it:
//   <!-- not run: reason -->          the block is listed and left out, e.g. since it needs root or Home Assistant
//   <!-- run until it says: text -->  the command has no end: it has passed when it has printed that, and is stopped later
//   <!-- run while it runs -->        before that command is stopped
// `sentigon` is on the path, as after an installation.
// Prints a line for each command. Exit code 1 when one failed, with the end of what it printed.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from './command-line.mjs';
import { blocksOf, commandsOf } from './documents/blocks.ts';
import { REPOSITORY, readDocument } from './documents/files.ts';

const PAGES = ['README.md', 'docs/install.md', 'docs/evaluating.md'];
/** In a temporary folder. */
const [CLONE, BIN] = ['clone', 'bin'];
/** Of the output of a command that failed. */
const SHOWN_CHARACTERS = 2000;

interface Step {
  readonly place: string;
  readonly command: string;
  readonly skipped?: string;
  /** What a command without an end prints when it works. */
  readonly until?: string;
  readonly beside: boolean;
}

function stepsOf(page: string, document: string): readonly Step[] {
  return blocksOf(document)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text, line, comment = '' }) => {
      const [, skipped] = /^not run: (.+)$/.exec(comment) ?? [];
      const [, until] = /^run until it says: (.+)$/.exec(comment) ?? [];
      const beside = comment === 'run while it runs';
      return commandsOf(text).map((command) => ({
        ...{ place: `${page}:${line}`, command, beside },
        ...(skipped !== undefined && { skipped }),
        ...(until !== undefined && { until }),
      }));
    });
}

interface Run {
  /** Whether it ended well, or printed what it was to print. */
  readonly passed: Promise<boolean>;
  readonly output: () => string;
  stop(): Promise<void>;
}

/** Begins a command in a process group of its own, so that what it has started ends with it. */
function begin({ command, until }: Step, folder: string): Run {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: join(folder, CLONE),
    detached: true,
    env: { ...process.env, PATH: `${join(folder, BIN)}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const passed = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = `${output}${text}`.slice(-SHOWN_CHARACTERS);
        if (until !== undefined && output.includes(until)) resolve(true);
      });
    }
    void ended.then((code) => resolve(until === undefined && code === 0));
  });
  return {
    passed,
    output: () => output,
    async stop() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}

/** Runs one after the other; what has no end goes on until a step that is not beside it. Returns how many failed. */
async function runAll(steps: readonly Step[], folder: string): Promise<number> {
  let failures = 0;
  let endless: Run | undefined;
  for (const step of steps) {
    if (!step.beside) await endless?.stop();
    const run = begin(step, folder);
    if (step.until !== undefined) endless = run;
    if (!(await report(step, run))) failures++;
  }
  await endless?.stop();
  return failures;
}

async function report({ place, command }: Step, { passed, output }: Run): Promise<boolean> {
  const startMs = performance.now();
  const good = await passed;
  const took = `${((performance.now() - startMs) / 1000).toFixed(0)} s`;
  console.log(`${good ? 'passed ' : 'FAILED '}  ${place}  ${command}  (${took})`);
  if (!good) console.log(output().replaceAll(/^/gm, '         '));
  return good;
}

/** Makes `sentigon` a command, as `npm install -g` does. */
function putOnPath(folder: string): void {
  const script = `#!/bin/sh\nexec node '${join(folder, CLONE)}/dist/main.js' "$@"\n`;
  mkdirSync(join(folder, BIN));
  writeFileSync(join(folder, BIN, 'sentigon'), script, { mode: 0o755 });
}

const { positionals } = commandLine({ allowPositionals: true });
const folder = mkdtempSync(join(tmpdir(), 'sentigon-clone-'));
try {
  execFileSync('git', ['clone', '--quiet', REPOSITORY, join(folder, CLONE)]);
  const pages = positionals.length > 0 ? positionals : PAGES;
  putOnPath(folder);
  const steps = pages.flatMap((page) => stepsOf(page, readDocument(page, join(folder, CLONE))));
  const left = steps.filter(({ skipped }) => skipped !== undefined);
  for (const { place, command, skipped } of left) {
    console.log(`not run  ${place}  ${command}  (${skipped})`);
  }
  const failures = await runAll(
    steps.filter((step) => !left.includes(step)),
    folder,
  );
  process.exitCode = failures > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
