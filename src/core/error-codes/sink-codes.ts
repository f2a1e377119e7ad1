import { entry } from './entry.ts';

/** Sinks and the broker. */
export const sinkCodes = {
  SEN_MQT_CLOSED: entry(
    'The broker closed the connection before it answered.',
    'If it always does, use mqtts:// for this port, or a lower broker.qos.',
  ),
  SEN_MQT_FAULT: entry(
    'The broker or the network failed in another way.',
    'Do what the message says.',
  ),
  SEN_MQT_LOST: entry(
    'The connection to the broker ended.',
    'Nothing: it is opened again, and alerts wait in the outbox.',
  ),
  SEN_MQT_NO_ANSWER: entry(
    'The broker did not answer for too long.',
    'Check the broker and the network; a new connection is opened.',
  ),
  SEN_MQT_NOT_AUTHORISED: entry(
    'The broker did not authorise the user.',
    'Check broker.username, passwordFile, and the access list of the broker.',
  ),
  SEN_MQT_PROTOCOL: entry(
    'The broker does not take this version of MQTT, this client id or this quality of service.',
    'Set broker.protocolVersion, clientId or qos as the message says.',
  ),
  SEN_MQT_REFUSED: entry(
    'The broker refuses a message for good, e.g. because its access list forbids the topic.',
    'Allow the topic, then have the alert sent again with `sentigon ctl outbox`.',
  ),
  SEN_MQT_SECRET: entry(
    'A file with a password, certificate or key of the broker cannot be read.',
    'Check broker.passwordFile and broker.tls.',
  ),
  SEN_MQT_STOPPED: entry('The daemon was stopped while it connected.', 'Nothing.'),
  SEN_MQT_TLS: entry(
    'The broker speaks no TLS on this port, or one side does not trust the certificate of the other.',
    'Check the scheme and port of broker.url, and broker.tls.',
  ),
  SEN_MQT_UNREACHABLE: entry(
    'The broker cannot be reached, or is not ready.',
    'Start it, or correct broker.url; it is tried again.',
  ),
  SEN_SNK_ANSWER: entry(
    'A receiver of notifications answered with an error.',
    'Do what the message says; the alert is sent again.',
  ),
  SEN_SNK_REDIRECT: entry(
    'A receiver of notifications names another address, where secrets are not sent.',
    'Set the URL of the sink to that address; the alert is sent again.',
  ),
  SEN_SNK_REFUSED: entry(
    'A receiver of notifications refuses a message for good.',
    'Correct the template or the receiver, then have it sent again with `sentigon ctl outbox`.',
  ),
  SEN_SNK_SECRET: entry(
    'A file with a password, token, secret, URL or certificate of a sink cannot be used.',
    'Check the file; the alert is sent again.',
  ),
  SEN_SNK_TLS: entry(
    'A receiver of notifications speaks no TLS on this port, or its certificate is not trusted.',
    'Set tls.ca of the sink, or correct its address.',
  ),
  SEN_SNK_UNREACHABLE: entry(
    'A receiver of notifications cannot be reached.',
    'Check the network and the address; the alert is sent again.',
  ),
  SEN_SNK_SLOW: entry(
    'A sink did not acknowledge an alert in time.',
    'Check the receiver; the alert is sent again.',
  ),
  SEN_SNK_STOPPED: entry(
    'A sink was stopped while it sent an alert.',
    'Nothing: the alert waits in the outbox.',
  ),
  SEN_SNK_UNSENT: entry(
    'A replay ended before all its alerts were acknowledged.',
    'Start the broker and replay again.',
  ),
  SEN_SNK_PLUGIN: entry(
    'A sink of a plug-in did not take an alert.',
    'Do what its message says; the alert is sent again.',
  ),
} as const;
