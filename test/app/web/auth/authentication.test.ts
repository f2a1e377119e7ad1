import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { webOptions } from '../../../../src/app/config/web-options.ts';
import { createLog } from '../../../../src/app/log.ts';
import { openAuthentication } from '../../../../src/app/web/auth/authentication.ts';
import { createSessions } from '../../../../src/app/web/auth/sessions.ts';
import { ConfigError } from '../../../../src/core/errors.ts';
import { tempFolder } from '../../../io/temp-folder.ts';

const HERE = '127.0.0.1';

function opened(options: object = {}, state = tempFolder()) {
  const lines: string[] = [];
  const log = createLog({ level: 'trace', style: 'json', write: (line) => lines.push(line) });
  const authentication = openAuthentication(webOptions.parse(options), { state, log });
  return { authentication, state, lines };
}

function entered(authentication: ReturnType<typeof openAuthentication>, attempt: string): string {
  const entrance = authentication.enter(attempt, HERE);
  if (entrance.kind !== 'in') throw new Error(`not let in: ${entrance.kind}`);
  return entrance.token;
}

describe('authentication', () => {
  it('makes a password that only its user may read, keeps it, and never logs it', () => {
    const { authentication, state, lines } = opened();
    const path = join(state, 'web-password');
    expect(authentication.passwordPath).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const password = readFileSync(path, 'utf8').trim();
    expect(password).toMatch(/^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
    expect(opened({}, state).authentication.enter(password, HERE).kind).toBe('in');
    expect(authentication.enter('something else', HERE)).toEqual({ kind: 'wrong' });
    expect(authentication.enter(password, HERE).kind).toBe('in');
    expect(lines.join('')).toContain('wrong password');
    expect(lines.join('')).not.toContain(password);
    expect(lines.join('')).not.toContain('something else');
  });

  it('makes the password whole, also after a power cut, or says why it cannot', () => {
    const state = tempFolder();
    writeFileSync(join(state, 'web-password.tmp'), 'ab', { mode: 0o600 });
    const { authentication } = opened({}, state);
    expect(readFileSync(authentication.passwordPath, 'utf8')).toHaveLength(25);
    expect(readdirSync(state)).toEqual(['web-password']);
    expect(() => opened({}, join(state, 'missing'))).toThrow(ConfigError);
  });

  it('has another password for each device', () => {
    const passwords = [opened(), opened()].map(({ authentication }) =>
      readFileSync(authentication.passwordPath, 'utf8'),
    );
    expect(new Set(passwords).size).toBe(2);
  });

  it('lets in who knows the password of the file, with a session of his own', () => {
    const passwordFile = join(tempFolder(), 'secret');
    writeFileSync(passwordFile, 'correct horse\n');
    const { authentication } = opened({ passwordFile });
    const [mine, yours] = [
      entered(authentication, 'correct horse'),
      entered(authentication, 'correct horse'),
    ];
    expect(mine).not.toBe(yours);
    expect(authentication.sessionOf(mine)?.requestToken).not.toBe(
      authentication.sessionOf(yours)?.requestToken,
    );
    authentication.leave(mine);
    expect(authentication.sessionOf(mine)).toBeUndefined();
    expect(authentication.sessionOf(yours)?.isOpen()).toBe(true);
    expect(authentication.sessionOf(`${yours}x`)).toBeUndefined();
    expect(authentication.sessionOf(undefined)).toBeUndefined();
  });

  it('ends all sessions when the next login finds another password', () => {
    const passwordFile = join(tempFolder(), 'secret');
    writeFileSync(passwordFile, 'the first one');
    const { authentication } = opened({ passwordFile });
    const session = authentication.sessionOf(entered(authentication, 'the first one'));
    writeFileSync(passwordFile, 'the second one');
    expect(authentication.enter('the first one', HERE)).toEqual({ kind: 'wrong' });
    expect(session?.isOpen()).toBe(false);
    expect(authentication.enter('the second one', HERE).kind).toBe('in');
  });

  it('lets those with the other password look, and ends their sessions with the password (#21)', () => {
    const [passwordFile, readOnlyPasswordFile] = ['all', 'looking'].map((name) => {
      const path = join(tempFolder(), name);
      writeFileSync(path, `password for ${name}\n`);
      return path;
    }) as [string, string];
    const { authentication } = opened({ passwordFile, readOnlyPasswordFile });
    const mayAct = (attempt: string) =>
      authentication.sessionOf(entered(authentication, attempt))?.mayAct;
    expect([mayAct('password for all'), mayAct('password for looking')]).toEqual([true, false]);
    expect(authentication.enter('password', HERE)).toEqual({ kind: 'wrong' });
    const looking = authentication.sessionOf(entered(authentication, 'password for looking'));
    writeFileSync(readOnlyPasswordFile, 'password for all\n');
    expect(mayAct('password for all')).toBe(false); // which of the two was meant is unknown
    expect(looking?.isOpen()).toBe(false);
    expect(() => opened({ passwordFile, readOnlyPasswordFile })).toThrow(
      /readOnlyPasswordFile .*looking holds the password of .*all: write another one into it/,
    );
  });

  it('does not even look at a password that comes too early', () => {
    const { authentication } = opened();
    for (let time = 0; time < 4; time += 1) authentication.enter('wrong', HERE);
    const password = readFileSync(authentication.passwordPath, 'utf8').trim();
    expect(authentication.enter(password, HERE)).toEqual({ kind: 'early', waitS: 2 });
    expect(authentication.enter(password, '10.0.0.7').kind).toBe('in');
  });

  it.each([
    ['is empty', '', 'is empty'],
    ['is short', '1234567\n', 'expected 8 or more'],
  ])('refuses a password that %s', (_, text, reason) => {
    const passwordFile = join(tempFolder(), 'secret');
    writeFileSync(passwordFile, text);
    expect(() => opened({ passwordFile })).toThrow(ConfigError);
    expect(() => opened({ passwordFile })).toThrow(reason);
  });
});

describe('sessions', () => {
  it('end by themselves, and the oldest when there are too many', () => {
    let nowMs = 0;
    const sessions = createSessions(1000, () => nowMs);
    const { token, session } = sessions.begin(true);
    nowMs = 999;
    expect(sessions.find(token)).toBe(session);
    nowMs = 1000;
    expect(sessions.find(token)).toBeUndefined();
    expect(session.isOpen()).toBe(false);
    const all = Array.from({ length: 51 }, () => sessions.begin(true).token);
    expect(all.filter((one) => sessions.find(one))).toEqual(all.slice(1));
  });
});
