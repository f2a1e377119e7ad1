import { describe, expect, it } from 'vitest';
import { sinks } from '../../../src/io/sinks/index.ts';
import { alertOf } from '../alerts.ts';
import { newStore, start } from '../store/pump.ts';
import { certified, openSink, secretFile } from './open-sink.ts';
import { type SmtpReceiver, smtpReceiver } from './receivers.ts';

const ADDRESSES = { from: 'Pi <pi@example.org>', to: ['me@example.org', 'you@example.org'] };

function mailTo({ port }: SmtpReceiver, options: object = {}, warn?: (text: string) => void) {
  const all = { host: '127.0.0.1', port, security: 'none', ...ADDRESSES, ...options };
  return openSink('email', all, warn ? { warn } : {});
}

describe('email (#21)', () => {
  it('sends a message that mail programs thread, and that no machine answers', async () => {
    const server = await smtpReceiver();
    const sink = mailTo(server);
    await sink.send(alertOf('a', 'opened', { message: 'Freezer at 9 °C' }));
    await sink.send(alertOf('a', 'closed', { message: 'Freezer was at 9 °C' }));
    const [opened = '', closed = ''] = server.mails;
    expect(opened).toContain('Subject: [warning] motor on pi: opened');
    expect(opened).toContain('From: Pi <pi@example.org>');
    expect(opened).toContain('To: me@example.org, you@example.org');
    expect(opened).toContain('Auto-Submitted: auto-generated');
    expect(opened).toMatch(/Freezer at 9 (°|=C2=B0)[ _]?C/);
    const thread = /References: (<\w+@pi\.sentigon>)/;
    expect(thread.exec(opened)?.[1]).toBe(thread.exec(closed)?.[1]);
    expect(server.commands).toContain('RCPT TO:<you@example.org>');
  });

  it('logs in over STARTTLS with the password of a file, against the authority it is given', async () => {
    const { ca, ...certificate } = certified();
    const server = await smtpReceiver(certificate);
    const passwordFile = secretFile('sesame');
    const login = { security: 'starttls', user: 'pi', passwordFile };
    await mailTo(server, { ...login, tls: { ca } }).send(alertOf('a'));
    expect(server.mails).toHaveLength(1);
    const word = Buffer.from('\0pi\0sesame').toString('base64');
    expect(server.commands).toContain(`AUTH PLAIN ${word}`);
    server.commands.length = 0;
    const refused = mailTo(server, login).send(alertOf('a'));
    await expect(refused).rejects.toThrow(/no trusted TLS: set security/);
    expect(server.commands.join()).not.toContain('AUTH');
  });

  it('sends nothing in the clear to a server without STARTTLS', async () => {
    const server = await smtpReceiver();
    const sent = mailTo(server, { security: 'starttls', user: 'pi' }).send(alertOf('a'));
    await expect(sent).rejects.toThrow(/email/);
    expect(server.commands.join()).not.toMatch(/AUTH|MAIL/);
  });

  it.each([
    ['MAIL', '550 unknown sender', false, /answered 550 to MAIL FROM/],
    ['.', '554 this is spam', true, /refuses the message \(554\): the alert is set aside/],
    ['.', '452 try later', false, /answered 452 to DATA/],
    ['AUTH', '535 wrong password', false, /answered 535 to AUTH.*: correct user and passwordFile/],
  ])('takes the answer to %s, %s, as final: %s', async (command, answer, final, message) => {
    const server = await smtpReceiver();
    server.answers.set(command, answer);
    const login = { user: 'pi', passwordFile: secretFile('sesame-open') };
    const error = await mailTo(server, login)
      .send(alertOf('a'))
      .catch((cause) => cause);
    expect(error).toMatchObject({ final, message: expect.stringMatching(message) });
    expect(error.message).not.toContain('sesame');
  });

  it('warns about a receiver that is refused, and reaches the others', async () => {
    const server = await smtpReceiver();
    const warned: string[] = [];
    server.answers.set('RCPT TO:<you@example.org>', '550 unknown');
    const sink = mailTo(server, {}, (text) => void warned.push(text));
    expect(await sink.test?.()).toBe(`127.0.0.1:${server.port} answered 250 queued as 1`);
    expect(warned).toEqual(['sink email: 127.0.0.1 refuses 1 of 2 receivers']);
    expect(server.mails).toHaveLength(1);
  });

  it('keeps what a channel is called out of its headers', async () => {
    const server = await smtpReceiver();
    const sink = mailTo(server, { subject: '{{message}}' });
    await sink.send(alertOf('a', 'opened', { message: 'hot\r\nBcc: thief@example.org' }));
    const [mail = ''] = server.mails;
    expect(mail).toContain('Subject: hot Bcc: thief@example.org\r\n');
    expect(server.commands.join()).not.toContain('thief');
  });

  it('loses nothing while its server is killed and comes back', async () => {
    const server = await smtpReceiver();
    const store = newStore();
    const { pump, add } = start(store, [mailTo(server, { subject: '{{id}} {{notice}}' })]);
    add(alertOf('1'));
    await expect.poll(() => server.mails.length).toBe(1);
    await server.kill();
    add(alertOf('1', 'closed'));
    add(alertOf('2'));
    expect(await pump.drain(200)).toBe(2);
    await server.revive();
    await expect.poll(() => store.backlog().waiting).toEqual({});
    const subjects = server.mails.map((mail) => /^Subject: (.*)\r$/m.exec(mail)?.[1]);
    expect(subjects).toEqual(['1 opened', '1 closed', '2 opened']);
  });

  it.each(['me', 'me@a, you@b', 'a\r\nBcc: x@y', '<me@a> <you@b>'])(
    'refuses the address %j',
    (to) => {
      const options = { host: 'x', from: 'pi@x', to: [to] };
      expect(sinks.get('email')?.options.safeParse(options).success).toBe(false);
    },
  );
});
