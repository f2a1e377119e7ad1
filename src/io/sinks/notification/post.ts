// One HTTP request to a receiver of notifications: bounded in time, over verified TLS, without redirects.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { z } from 'zod';
import { SinkError } from '../../../core/errors.ts';
import { readSecret, whyUnread } from '../../files/whole-file.ts';
import { oneLine } from './template.ts';

export const tlsOptions = z
  .strictObject({
    ca: z
      .string()
      .optional()
      .describe('file with the certificate authority to trust instead of the public ones, PEM'),
    rejectUnauthorized: z
      .boolean()
      .default(true)
      .describe('false accepts any certificate: for trials only'),
  })
  .optional()
  .describe('how the certificate of the receiver is checked');

export type TlsOptions = z.infer<typeof tlsOptions>;

export const URL_EXPECTED = 'expected http:// or https:// without user name and password';

/** Without user name and password: those would be sent to whoever the URL is shown. */
export function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** An address to post to. */
export const urlOption = z.string().refine(isHttpUrl, { message: URL_EXPECTED });

export const timeoutOption = z
  .number()
  .min(1)
  .max(25)
  .default(10)
  .describe('how long the receiver may take to answer; the alert is sent again then')
  .meta({ unit: 's' });

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly tls: TlsOptions;
  readonly timeoutS: number;
  /** Not to be shown, should the answer repeat them. */
  readonly secrets: readonly string[];
  /** Name of the sink, for messages. */
  readonly sinkId: string;
  /** Called when the receiver asks for a pause. */
  readonly onPause: (ms: number) => void;
}

/** Of an answer, more is not read. */
const MOST_ANSWER_BYTES = 4096;
const MOST_SHOWN = 120;

/** Resolves with the answer in words when the receiver has taken it. Rejects with `SinkError`. */
export async function post(options: Post): Promise<string> {
  const answer = await answerTo(options).catch((cause: unknown) => {
    throw unreachable(cause as NodeJS.ErrnoException, options);
  });
  const { url, sinkId, onPause } = options;
  const { status, retryAfterS, text } = answer;
  const said = `${url.origin} answered ${status}${text === '' ? '' : ` (${text})`}`;
  if (status >= 200 && status < 300) return said;
  if (retryAfterS !== undefined) onPause(1000 * Math.min(retryAfterS, LONGEST_PAUSE_S));
  if (status >= 300 && status < 400) {
    throw new SinkError(
      `sink ${sinkId}: ${said}, a redirect, which is not followed because secrets would go to another address: set the URL to the new one`,
      { code: 'SEN_SNK_REDIRECT' },
    );
  }
  const final = FINAL.has(status);
  const hint = final ? 'the alert is set aside' : (HINTS.get(status) ?? 'it is tried again');
  throw new SinkError(`sink ${sinkId}: ${said}: ${hint}`, {
    code: final ? 'SEN_SNK_REFUSED' : 'SEN_SNK_ANSWER',
    final,
  });
}

/** A receiver that asks for more is tried after an hour all the same. */
const LONGEST_PAUSE_S = 3600;

/** The receiver will never take this message, but others: 4xx that are about the message and not about who sends it. */
const FINAL: ReadonlySet<number> = new Set([400, 406, 411, 413, 415, 422, 431]);

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, 'correct the token or the password'],
  [403, 'allow this sender'],
  [404, 'correct the URL'],
  [405, 'correct the URL'],
  [410, 'correct the URL'],
]);

interface Answer {
  readonly status: number;
  readonly retryAfterS: number | undefined;
  /** Its beginning in one line, without secrets. */
  readonly text: string;
}

function answerTo({ url, headers, body, tls, timeoutS, secrets }: Post): Promise<Answer> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const length = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false, // a connection that is kept might be dead by the next alert
      headers: { 'user-agent': 'sentigon', ...headers, 'content-length': length },
      signal: AbortSignal.timeout(1000 * timeoutS),
      ...(tls?.ca !== undefined && { ca: readSecret(tls.ca) }),
      rejectUnauthorized: tls?.rejectUnauthorized ?? true,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      const done = (): void => {
        const { statusCode: status = 0, headers: got } = response;
        resolve({ status, retryAfterS: secondsIn(got['retry-after']), text: shown(text, secrets) });
        sent.destroy();
      };
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MOST_ANSWER_BYTES) done();
      });
      response.on('end', done).on('error', reject);
    });
    sent.end(body);
  });
}

function shown(text: string, secrets: readonly string[]): string {
  return oneLine(
    secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text),
    MOST_SHOWN,
  );
}

/** Of a Retry-After: seconds or a date. */
function secondsIn(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return seconds > 0 ? seconds : undefined;
}

function unreachable(cause: NodeJS.ErrnoException, { url, timeoutS, sinkId }: Post): SinkError {
  const where = `sink ${sinkId}: ${url.origin}`;
  if (cause.name === 'TimeoutError' || cause.code === 'ABORT_ERR') {
    return new SinkError(`${where} did not answer within ${timeoutS} s: it is tried again`, {
      code: 'SEN_SNK_SLOW',
      cause,
    });
  }
  if (/CERT|TLS|SSL|EPROTO|SELF_SIGNED|UNABLE_TO/.test(cause.code ?? '')) {
    const remedy = 'set tls.ca to the certificate authority of the receiver, or correct the URL';
    return new SinkError(`${where}: no trusted TLS (${cause.code}): ${remedy}`, {
      code: 'SEN_SNK_TLS',
      cause,
    });
  }
  const why = cause.code ?? cause.message;
  return new SinkError(`${where} cannot be reached (${why}): it is tried again`, {
    code: 'SEN_SNK_UNREACHABLE',
    cause,
  });
}

/** The secret in a file, read at each attempt so that it may be changed. Throws `SinkError`. */
export function secretOf(path: string, sinkId: string): string {
  try {
    return readSecret(path);
  } catch (cause) {
    throw new SinkError(`sink ${sinkId}: file ${path} ${whyUnread(cause)}`, {
      code: 'SEN_SNK_SECRET',
      cause,
    });
  }
}
