import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { blocksOf, codesOf, commandsOf, wordsOf } from '../../scripts/documents/blocks.ts';
import {
  developerPages,
  documents,
  REPOSITORY,
  readDocument,
} from '../../scripts/documents/files.ts';
import { settings } from '../../src/app/cli/options.ts';
import { program } from '../../src/app/cli/program.ts';
import { commands as verbs } from '../../src/app/commands/index.ts';

const root = await program();
const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));

/** Options that belong to other programs. */
const FOREIGN = new Set(['--offline']);

/** Commands of blocks and, where they begin like one, of the text. */
function commandsIn(document: string): readonly string[] {
  const blocks = blocksOf(document).flatMap(({ language, text }) => {
    if (language === 'sh') return commandsOf(text);
    const typed = [...text.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command);
    return language === '' ? commandsOf(typed.join('\n')) : [];
  });
  const codes = codesOf(document).filter((code) => /^(sudo |npx )*(sentigon|node|npm) /.test(code));
  return [...blocks, ...commandsOf(codes.join('\n'))];
}

/** The words from `name` on, where that is what is run. */
function callOf(command: string, name: string): readonly string[] | undefined {
  const installed = command.replace('node dist/main.js', 'sentigon').replace(/\s*[<>|].*$/, '');
  const words = wordsOf(installed).filter(
    (word) => word !== 'sudo' && word !== 'npx' && !/^[A-Z_]+=/.test(word),
  );
  return words[0] === name ? words.slice(1) : undefined;
}

function longNames(command: Command): readonly string[] {
  return ['--help', ...command.options.flatMap(({ long, short }) => [long ?? '', short ?? ''])];
}

function optionNames(words: readonly string[]): readonly string[] {
  return words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''));
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** The command that the words name, e.g. `alerts show`, and the words after it. */
function resolved(words: readonly string[]): readonly [Command, readonly string[]] {
  let command = root;
  let rest = words;
  for (;;) {
    const child = command.commands.find((one) => one.name() === rest[0]);
    if (!child) return [command, rest];
    command = child;
    rest = rest.slice(1);
  }
}

describe.each([...documents(), ...developerPages()])('%s', (path) => {
  const commands = commandsIn(readDocument(path));

  it('names commands and options of sentigon that exist', () => {
    for (const line of commands) {
      const words = callOf(line, 'sentigon');
      if (!words || words.length === 0) continue;
      const [command, rest] = resolved(words);
      expect(command, line).not.toBe(root);
      for (const option of optionNames(rest)) expect(longNames(command), line).toContain(option);
    }
  });

  it('names verbs of ctl with requests that they take', () => {
    for (const line of commands) {
      const [ctl, verb = '', ...words] = callOf(line, 'sentigon') ?? [];
      if (ctl !== 'ctl' || verb === '') continue;
      const command = verbs.get(verb);
      expect(command, line).toBeDefined();
      const request = words.reduce((before, word) => settings(word, before), {});
      // a verb that is only mentioned needs no request
      if (words.length > 0) expect(command?.request.safeParse(request).error, line).toBeUndefined();
    }
  });

  it('names options in the text that some command has', () => {
    const known = new Set(allCommands(root).flatMap(longNames));
    const named = optionNames(
      codesOf(readDocument(path)).flatMap((code) => (code.startsWith('--') ? wordsOf(code) : [])),
    );
    for (const option of named) expect(known.has(option) || FOREIGN.has(option), option).toBe(true);
  });

  it('names scripts of npm that exist', () => {
    for (const line of commands) {
      const [, name] = /^npm run (?:-s )?([\w:]+)/.exec(line) ?? [];
      if (name !== undefined) expect(manifest.scripts).toHaveProperty([name]);
    }
  });

  it('names scripts that exist, with options that they have', () => {
    for (const line of commands) {
      const [, script, rest = ''] = /^(?:node|npx tsx) (scripts\/\S+)(.*)$/.exec(line) ?? [];
      if (script === undefined) continue;
      const text = readFileSync(join(REPOSITORY, script), 'utf8');
      for (const option of optionNames(wordsOf(rest))) {
        expect(text, line).toContain(option.replace(/^--/, ''));
      }
    }
  });
});
