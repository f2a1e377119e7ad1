// The answers as a configuration to read and go on from: YAML with comments.

import { type Channel, parseChannel } from '../../core/sample.ts';
import { NEWEST_VERSION } from '../config/migrations.ts';
import type { Answers, BrokerAnswer, SourceAnswer } from './answers.ts';
import { hostLimits, temperatureLimits } from './proposed-limits.ts';

/** `passwordFile` is where the password was put, or a credential's name; `channels` are those of this machine. */
export function configText(
  { source, broker, state }: Answers,
  passwordFile: string | undefined,
  channels: readonly Channel[],
): string {
  return [
    '# Sentigon configuration. Check it with: sentigon config check',
    '# Every option with its default: sentigon config schema',
    `version: ${NEWEST_VERSION}`,
    '',
    ...(state === undefined
      ? []
      : ['# History, unsent alerts, trained models.', `state: ${scalar(state)}`, '']),
    ...brokerLines(broker, passwordFile),
    '',
    '# False alarms a day that you accept; .14 is one a week.',
    'alerts:',
    '  falseAlarmsPerDay: 1',
    '',
    'streams:',
    ...streamLines(source),
    '    # Learns what is normal for half an hour, then watches.',
    '    learn:',
    '      rows: 1800',
    '      intervalMs: 1000',
    ...alertLines(source, channels),
    '',
    'sinks:',
    '  - kind: mqtt',
    '  - kind: log',
    '',
  ].join('\n');
}

function alertLines(source: SourceAnswer, channels: readonly Channel[]): string[] {
  const lines = [
    '    #   minDurationMs: 10000    # shorter anomalies open no alert',
    '    #   closeBelow: 0.8         # an alert closes below this share of its level',
  ];
  if (source.kind === 'host') {
    const limits = hostLimits(channels).map((line) => `        ${line}`);
    if (limits.length === 0) return ['    # alerts:', ...lines];
    const why = '      # Alerts that need no model; they work while it learns.';
    return ['    alerts:', ...lines, why, '      limits:', ...limits];
  }
  const known = source.channels.map(({ name }) => parseChannel(name));
  const limits = temperatureLimits(known).map((line) => `    #     ${line}`);
  const proposed = limits.length > 0 ? ['    #   limits:', ...limits] : [];
  return ['    # alerts:', ...lines, ...proposed];
}

function brokerLines(broker: BrokerAnswer | undefined, passwordFile: string | undefined): string[] {
  if (!broker) {
    return [
      '# Alerts go to the broker on 127.0.0.1:1883, or to the embedded one if none runs there. For another one:',
      '# broker:',
      '#   url: mqtt://broker.local',
    ];
  }
  return [
    '# Broker for alerts.',
    'broker:',
    `  url: ${scalar(broker.url)}`,
    ...(broker.username === undefined ? [] : [`  username: ${scalar(broker.username)}`]),
    ...(passwordFile === undefined ? [] : [`  passwordFile: ${scalar(passwordFile)}`]),
  ];
}

function streamLines(source: SourceAnswer): string[] {
  switch (source.kind) {
    case 'host':
      return [
        '  # This machine: load, memory, disks, network, temperature.',
        '  - id: host',
        '    source:',
        '      kind: host',
        '      intervalMs: 1000',
      ];
    case 'mqtt':
      return [
        '  - id: readings',
        '    source:',
        '      kind: mqtt',
        '      channels:',
        ...source.channels.map(
          ({ name, topic }) => `        - {name: ${scalar(name)}, topic: ${scalar(topic)}}`,
        ),
      ];
  }
}

/** Quoted as JSON does it, which is YAML too and may stand anywhere. */
function scalar(text: string): string {
  return JSON.stringify(text);
}
