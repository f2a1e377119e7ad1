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
import { commandTable } from '../../src/app/cli/command-table.ts';
import { settings } from '../../src/app/cli/options.ts';
import { program } from '../../src/app/cli/program.ts';
import { commands as verbs } from '../../src/app/commands/index.ts';

const root = await program(Object.values(commandTable).flatMap(Object.keys));
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
    const unknown = commands.filter((line) => {
      const words = callOf(line, 'sentigon');
      if (!words || words.length === 0) return false;
      const [command, rest] = resolved(words);
      const names = longNames(command);
      return command === root || optionNames(rest).some((option) => !names.includes(option));
    });
    expect(unknown).toEqual([]);
  });

  it('names verbs of ctl with requests that they take', () => {
    const refused = commands.filter((line) => {
      const [ctl, verb = '', ...words] = callOf(line, 'sentigon') ?? [];
      if (ctl !== 'ctl' || verb === '') return false;
      const command = verbs.get(verb);
      if (!command) return true;
      const request = words.reduce((before, word) => settings(word, before), {});
      // a verb that is only mentioned needs no request
      return words.length > 0 && !command.request.safeParse(request).success;
    });
    expect(refused).toEqual([]);
  });

  it('names options in the text that some command has', () => {
    const known = new Set(allCommands(root).flatMap(longNames));
    const named = optionNames(
      codesOf(readDocument(path)).flatMap((code) => (code.startsWith('--') ? wordsOf(code) : [])),
    );
    expect(named.filter((option) => !known.has(option) && !FOREIGN.has(option))).toEqual([]);
  });

  it('names scripts of npm that exist', () => {
    const unknown = commands.filter((line) => {
      const [, name] = /^npm run (?:-s )?([\w:]+)/.exec(line) ?? [];
      return name !== undefined && !(name in manifest.scripts);
    });
    expect(unknown).toEqual([]);
  });

  it('names scripts that exist, with options that they have', () => {
    const unknown = commands.filter((line) => {
      const [, script, rest = ''] = /^(?:node|npx tsx) (scripts\/\S+)(.*)$/.exec(line) ?? [];
      if (script === undefined) return false;
      const text = readFileSync(join(REPOSITORY, script), 'utf8');
      return optionNames(wordsOf(rest)).some((option) => !text.includes(option.replace(/^--/, '')));
    });
    expect(unknown).toEqual([]);
  });
});
