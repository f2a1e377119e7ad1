import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { spoken } from '../../io/spoken.ts';
import { listen, logIn, PASSWORD, postLogin, servedPage } from './page-client.ts';

describe('the page for somebody who is not logged in', () => {
  it('is the login and nothing else', async () => {
    const { url, asked } = await servedPage();
    const first = await fetch(url, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([303, 'login']);
    const login = await fetch(new URL('login', url));
    expect(login.status).toBe(200);
    expect(await login.text()).toContain('<label for="password">');
    for (const path of ['index.html', 'main.js', 'api/session', 'api/events', 'api/alert/a', 'x']) {
      expect([path, (await fetch(new URL(path, url))).status]).toEqual([path, 401]);
    }
    const origin = new URL(url).origin;
    for (const cookie of ['', 'sentigon_pi=guessed', 'sentigon_pi=']) {
      const answer = await fetch(new URL('api/do/ack', url), {
        method: 'POST',
        headers: { origin, cookie },
        body: '{"stream":"motor"}',
      });
      expect(answer.status).toBe(401);
    }
    expect(asked).toEqual([]);
  });

  it('takes nothing from elsewhere, and is put into no frame', async () => {
    const { url } = await servedPage();
    const { headers } = await fetch(new URL('login', url));
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is slowed down when passwords are guessed', async () => {
    const { url } = await servedPage();
    for (let time = 0; time < 4; time += 1) {
      const wrong = await postLogin(url, 'a guess');
      expect(wrong.status).toBe(401);
      expect(await wrong.text()).toContain('Wrong password');
    }
    const early = await postLogin(url, PASSWORD);
    expect(early.status).toBe(429);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(early.headers.get('set-cookie')).toBeNull();
  });

  it('logs nobody in for another page', async () => {
    const { url } = await servedPage();
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      expect((await postLogin(url, PASSWORD, { origin })).status).toBe(403);
    }
    const nowhere = await fetch(new URL('login', url), {
      method: 'POST',
      body: `password=${PASSWORD}`,
    });
    expect(nowhere.status).toBe(403);
  });
});

describe('the name by which a browser comes', () => {
  const statusAt = async (url: string, host: string): Promise<string | undefined> => {
    const { text } = await spoken(
      url,
      `GET /login HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
    );
    return /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
  };

  it('is an address or a name of the local network, or that of the proxy', async () => {
    const { url } = await servedPage({ origin: 'https://pi.example' });
    for (const host of ['127.0.0.1:8470', '[::1]:8470', 'pi', 'pi.local', 'pi.example']) {
      expect([host, await statusAt(url, host)]).toEqual([host, '200']);
    }
  });

  it('is not that of a stranger whose DNS has it point here', async () => {
    const { url } = await servedPage();
    for (const host of ['evil.example', 'evil.example:8470', '127.0.0.1.evil.example', 'a b']) {
      expect([host, await statusAt(url, host)]).toEqual([host, '421']);
    }
  });
});

describe('a login', () => {
  it('is a cookie that scripts cannot read and other sites do not send, until it is ended', async () => {
    const { url } = await servedPage({ sessionHours: 2 });
    const answer = await postLogin(url, PASSWORD);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^sentigon_pi=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=7200$/,
    );
    const browser = await logIn(url);
    const page = await browser.get('');
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('main.js')]);
    const origin = new URL(url).origin;
    const out = await browser.get('logout', { method: 'POST', headers: { origin } });
    expect(out.status).toBe(303);
    expect((await browser.get('api/session')).status).toBe(401);
  });

  it('goes over TLS only where a proxy brings it', async () => {
    const { url } = await servedPage({ origin: 'https://pi.example' });
    const answer = await postLogin(url, PASSWORD, { origin: 'https://pi.example' });
    expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/);
  });
});

describe('what is done on the page', () => {
  it('is carried out as over MQTT, for whoever has the session and its token', async () => {
    const { url, asked } = await servedPage();
    const browser = await logIn(url);
    const done = await browser.act('silence', { stream: 'motor', minutes: 5 });
    expect([done.status, await done.json()]).toEqual([
      200,
      { status: 'ok', data: { done: 'silence' } },
    ]);
    const refused = [
      await browser.act('ack', { stream: 'motor' }, { 'x-request-token': 'guessed' }),
      await browser.act('ack', { stream: 'motor' }, { origin: 'https://evil.example' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(asked).toEqual([['silence', { stream: 'motor', minutes: 5 }]]);
  });

  it('is nothing that belongs to who has the device in his hands', async () => {
    const { url, asked } = await servedPage();
    const browser = await logIn(url);
    for (const verb of ['reload', 'backup', 'maintenance', 'nonsense', '']) {
      expect((await browser.act(verb, {})).status).toBe(404);
    }
    expect(asked).toEqual([]);
  });

  it('is refused with the reason of the daemon', async () => {
    const { url } = await servedPage(
      {},
      {
        execute: () => Promise.resolve({ status: 'error', code: 'CONFIG', error: 'no such alert' }),
      },
    );
    const answer = await (await logIn(url)).act('ack', { alert: 'x' });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'no such alert' }]);
  });

  it('may take as long as a training: the outcome is told to all who listen', async () => {
    let finish: () => void = () => undefined;
    const { url } = await servedPage(
      {},
      {
        execute: () =>
          new Promise((resolve) => {
            const data = {
              stream: 'motor',
              id: '0123',
              standing: 'rejected',
              reason: 'more alerts',
              ...{ used: false, message: "stream 'motor' keeps its model, because of more alerts" },
            };
            finish = () => resolve({ status: 'ok', data });
          }),
      },
    );
    const browser = await logIn(url);
    const events = await listen(browser);
    expect((await browser.act('retrain', { stream: 'motor' })).status).toBe(200);
    finish();
    const text = "stream 'motor' keeps its model, because of more alerts";
    expect(await events.next('notice')).toEqual({ text, failed: true });
  });

  it('is refused when it is longer than anything the page says', async () => {
    const { url, asked } = await servedPage();
    const browser = await logIn(url);
    for (const alert of ['x'.repeat(20_000), 'x'.repeat(2_000_000)]) {
      expect((await browser.act('ack', { alert })).status).toBe(400);
    }
    expect((await browser.get('api/session')).status).toBe(200);
    expect(asked).toEqual([]);
  });
});

describe('the server of the page', () => {
  it('refuses a flood of requests', async () => {
    const { url } = await servedPage();
    const request = 'GET /login HTTP/1.1\r\nhost: page\r\n\r\n';
    const { text } = await spoken(url, request.repeat(150));
    expect(text.match(/^HTTP\/1\.1 \d+/gm)).toEqual([
      ...Array.from({ length: 100 }, () => 'HTTP/1.1 200'),
      'HTTP/1.1 503',
    ]);
  });

  it('has so many connections, and is there again when they are gone', async () => {
    const { url } = await servedPage();
    const { hostname, port } = new URL(url);
    const idle = Array.from({ length: 64 }, () => connect(Number(port), hostname));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    await expect(spoken(url, '')).resolves.toEqual({ text: '' });
    for (const socket of idle) socket.destroy();
    const status = async () => (await fetch(new URL('login', url)).catch(() => undefined))?.status;
    await expect.poll(status).toBe(200);
  });

  it('needs a broker to show a fleet, and a password of some length', async () => {
    await expect(servedPage({ fleet: true })).rejects.toThrow(ConfigError);
    await expect(servedPage({ passwordFile: '/nowhere' })).rejects.toThrow('does not exist');
  });
});
