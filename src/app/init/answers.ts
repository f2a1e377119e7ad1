// The questions of `sentigon init`, and their default answers.
import { brokerOptions } from '../../io/mqtt/options.ts';

export interface Answers {
  readonly source: SourceAnswer;
  /** undefined = the one that runs on this machine, or else the embedded one. */
  readonly broker: BrokerAnswer | undefined;
  /** Folder of models and history; undefined = where it is by default. */
  readonly state: string | undefined;
}

export type SourceAnswer =
  | { readonly kind: 'host' }
  | { readonly kind: 'mqtt'; readonly channels: readonly ChannelAnswer[] };

export interface ChannelAnswer {
  readonly name: string;
  readonly topic: string;
}

export interface BrokerAnswer {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Resolves with the answer, or with what was offered when it is empty. */
export type Ask = (question: Question) => Promise<string>;

export interface Question {
  readonly text: string;
  readonly offered: string;
  /** One line that says what was expected, or undefined when the answer will do. */
  readonly objection?: (answer: string) => string | undefined;
  /** Not to be shown while it is typed. */
  readonly secret?: true;
}

export async function askAll(ask: Ask): Promise<Answers> {
  const source = await askSource(ask);
  const url = await ask({
    text: 'Broker for alerts, e.g. mqtt://192.168.1.10 (empty = the broker on this machine, or else the embedded one)',
    offered: '',
    objection: (answer) => (answer === '' ? undefined : notABroker(answer)),
  });
  const broker = url === '' ? undefined : await askBroker(url, ask);
  const state = await ask({ text: 'Folder for models and history (empty = default)', offered: '' });
  return { source, broker, state: state === '' ? undefined : state };
}

async function askSource(ask: Ask): Promise<SourceAnswer> {
  const kind = await ask({
    text: 'What to watch: host (this machine) or mqtt (readings from topics)',
    offered: 'host',
    objection: (answer) => (/^(host|mqtt)$/.test(answer) ? undefined : 'expected host or mqtt'),
  });
  if (kind !== 'mqtt') return { kind: 'host' };
  const text = await ask({
    text: 'Readings as name[unit]=topic, separated by commas, e.g. power[W]=meter/power',
    offered: '',
    objection: notChannels,
  });
  return { kind: 'mqtt', channels: channelsIn(text) };
}

async function askBroker(url: string, ask: Ask): Promise<BrokerAnswer> {
  const username = await ask({ text: 'User name at the broker (empty = none)', offered: '' });
  if (username === '') return { url, username: undefined, password: undefined };
  const password = await ask({ text: 'Password (empty = none)', offered: '', secret: true });
  return { url, username, password: password === '' ? undefined : password };
}

export function notABroker(url: string): string | undefined {
  const [issue] = brokerOptions.shape.url.safeParse(url).error?.issues ?? [];
  return issue?.message;
}

const CHANNEL = /^([^=[\]]+(?:\[[^\]]*\])?)=(.+)$/;

export function channelsIn(text: string): ChannelAnswer[] {
  return text.split(',').flatMap((part) => {
    const [, name, topic] = CHANNEL.exec(part.trim()) ?? [];
    return name === undefined || topic === undefined ? [] : [{ name, topic }];
  });
}

export function notChannels(text: string): string | undefined {
  const wrong = text.split(',').find((part) => !CHANNEL.test(part.trim()));
  return wrong === undefined ? undefined : `found '${wrong}', expected name[unit]=topic`;
}
