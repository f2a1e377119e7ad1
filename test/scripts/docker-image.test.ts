// Rules of container images that need no Docker to check; docker-image.slow.test.ts builds and runs it where there is one.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/app/commands/index.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const lines = readFileSync(at('Dockerfile'), 'utf8')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** The instructions of that word, in their order. */
const of = (word: string, some: readonly string[] = lines): string[] =>
  some.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
const image = lines.slice(
  lines.lastIndexOf(
    of('FROM')
      .map((from) => `FROM ${from}`)
      .at(-1) ?? '',
  ),
);

describe('the Dockerfile (#21)', () => {
  it('builds in one stage and runs in another, both from one base with its full version', () => {
    const base = 'node:$' + '{NODE}'; // as Docker writes it
    expect(of('FROM')).toEqual([`${base} AS build`, base]);
    expect(of('ARG')).toEqual([expect.stringMatching(/^NODE=\d+\.\d+\.\d+-[a-z]+-slim$/)]);
    expect(image.filter((line) => /\b(g\+\+|npm (ci|install|rebuild))/.test(line))).toEqual([]);
  });

  it('has the Node that the packages are for', () => {
    const [, major, minor] = /NODE=(\d+)\.(\d+)/.exec(of('ARG')[0] ?? '') ?? [];
    const { engines } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
    expect(engines.node).toBe('>=20.19');
    expect(Number(major)).toBe(20);
    expect(Number(minor)).toBeGreaterThanOrEqual(19);
  });

  it('runs as a user by number, who owns the volume of the state and nothing else', () => {
    const [user = ''] = of('USER', image);
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(of('VOLUME', image)).toEqual(['/var/lib/sentigon']);
    const [uid, gid] = user.split(':');
    expect(image.join('\n')).toContain(`install -d -o ${uid} -g ${gid} -m 700 /var/lib/sentigon`);
    expect(image.join('\n').match(/chown|--chown|-o \d+/g)).toHaveLength(1);
    expect(of('ENV', image).join(' ')).toContain('STATE_DIRECTORY=/var/lib/sentigon');
    expect(image.indexOf(`USER ${user}`)).toBeGreaterThan(
      image.findLastIndex((line) => line.startsWith('RUN ')),
    );
  });

  it('is asked for its health by a verb that there is, and starts without a shell', () => {
    const [check = ''] = of('HEALTHCHECK', image);
    const command = JSON.parse(/CMD (\[.*\])/.exec(check)?.[1] ?? '[]');
    expect(command.slice(0, 2)).toEqual(['sentigon', 'ctl']);
    expect(commands.has(command[2])).toBe(true);
    expect(JSON.parse(of('ENTRYPOINT', image)[0] ?? '')).toEqual(['tini', '--', 'sentigon']);
    expect(JSON.parse(of('CMD', image)[0] ?? '')).toEqual(['run']);
  });

  it('takes the limits of memory of the C library that the unit has', () => {
    const unit = readFileSync(at('systemd/sentigon.service'), 'utf8');
    const environment = /^Environment=(MALLOC.*)$/m.exec(unit)?.[1];
    expect(of('ENV', image)).toContain(environment);
  });

  it('leaves no lists of apt behind, and installs nothing that is only recommended', () => {
    for (const run of of('RUN').filter((line) => line.includes('apt-get'))) {
      expect(run).toContain('--no-install-recommends');
      expect(run).toContain('rm -rf /var/lib/apt/lists/*');
    }
  });

  it('copies what exists, and what .dockerignore lets through; no secret and no state', () => {
    const ignore = readFileSync(at('.dockerignore'), 'utf8').split('\n');
    expect(ignore).toContain('*');
    const letIn = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = of('COPY')
      .filter((copy) => !copy.startsWith('--from='))
      .flatMap((copy) => copy.split(' ').slice(0, -1));
    expect([...new Set(copied)].sort()).toEqual(letIn.sort());
    for (const path of copied) expect(existsSync(at(path)), path).toBe(true);
    expect(lines.join('\n')).not.toMatch(/password|secret|token|\bADD\b|https?:/i);
    for (const secret of ['**/*.pem', '**/*.key', '**/*.password', '**/.sentigon'])
      expect(ignore).toContain(secret);
  });
});
