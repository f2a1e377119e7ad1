// Real receivers of notifications, which can be killed and come back on their port: HTTP, and as much of SMTP as a mail needs.
import { createServer as createHttp, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface Request {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpReceiver {
  readonly port: number;
  readonly url: string;
  /** What arrived, also what was refused. */
  readonly requests: Request[];
  /** How it answers from now on; 'hang' = never. */
  answer: { status: number; headers?: Record<string, string>; text?: string } | 'hang';
  kill(): Promise<void>;
  /** Listens again on its port. */
  revive(): Promise<void>;
}

export async function httpReceiver(certificate?: Certificate): Promise<HttpReceiver> {
  const requests: Request[] = [];
  const server = certificate ? createHttps(certificate) : createHttp();
  const life = liveOn(server);
  await life.revive();
  const scheme = certificate ? 'https' : 'http';
  const receiver: HttpReceiver = {
    ...life,
    port: life.port(),
    url: `${scheme}://127.0.0.1:${life.port()}`,
    requests,
    answer: { status: 200, text: 'ok' },
  };
  server.on('request', (request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      requests.push({ method, path, headers, body });
      if (receiver.answer === 'hang') return;
      response.writeHead(receiver.answer.status, receiver.answer.headers);
      response.end(receiver.answer.text);
    });
  });
  return receiver;
}

export interface SmtpReceiver {
  readonly port: number;
  /** Messages it has taken: headers, an empty line, the text. */
  readonly mails: string[];
  /** Everything that clients said, but the mails. */
  readonly commands: string[];
  /** Its answer to a line or, by the first word, to a command, instead of the usual one; '.' = to a mail. */
  readonly answers: Map<string, string>;
  kill(): Promise<void>;
  revive(): Promise<void>;
}

/** Offers STARTTLS if it has a certificate, and takes any password. */
export async function smtpReceiver(certificate?: Certificate): Promise<SmtpReceiver> {
  const receiver = {
    mails: [] as string[],
    commands: [] as string[],
    answers: new Map<string, string>(),
  };
  const server = createServer((socket) => {
    socket.write('220 mail.test\r\n');
    converse(socket, receiver, certificate);
  });
  const life = liveOn(server);
  await life.revive();
  return { ...receiver, ...life, port: life.port() };
}

function converse(
  socket: Socket,
  receiver: Pick<SmtpReceiver, 'mails' | 'commands' | 'answers'>,
  certificate: Certificate | undefined,
): void {
  let text = '';
  let inMail = false;
  const usual = (word: string): string => {
    if (word === 'EHLO') {
      const starttls = certificate && !(socket instanceof TLSSocket) ? '250-STARTTLS\r\n' : '';
      return `250-mail.test\r\n${starttls}250 AUTH PLAIN`;
    }
    return (
      {
        DATA: '354 go on',
        STARTTLS: certificate ? '220 go on' : '502 not here',
        AUTH: '235 welcome',
      }[word] ?? '250 ok'
    );
  };
  const command = (line: string): void => {
    receiver.commands.push(line);
    const word = line.split(' ')[0] ?? '';
    const answer = receiver.answers.get(line) ?? receiver.answers.get(word) ?? usual(word);
    if (word === 'QUIT') return void socket.end('221 bye\r\n');
    socket.write(`${answer}\r\n`);
    inMail = answer.startsWith('354');
    if (word !== 'STARTTLS' || !certificate) return;
    socket.removeAllListeners('data');
    converse(new TLSSocket(socket, { isServer: true, ...certificate }), receiver, undefined);
  };
  socket.on('error', () => undefined);
  const mail = (said: string): void => {
    inMail = false;
    const answer = receiver.answers.get('.') ?? '250 queued as 1';
    if (answer.startsWith('2')) receiver.mails.push(said);
    socket.write(`${answer}\r\n`);
  };
  socket.on('data', (part) => {
    text += part.toString();
    for (;;) {
      const mark = inMail ? '\r\n.\r\n' : '\r\n';
      const end = text.indexOf(mark);
      if (end < 0) return;
      const said = text.slice(0, end);
      text = text.slice(end + mark.length);
      if (inMail) mail(said);
      else command(said);
    }
  });
}

function liveOn(server: Server) {
  const sockets = new Set<Socket>();
  let port = 0;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  const kill = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(kill);
  return {
    port: () => port,
    kill,
    async revive() {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      ({ port } = server.address() as { port: number });
    },
  };
}
