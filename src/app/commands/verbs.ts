// The verbs by name: what a program that only sends requests needs to know of them. It starts in a fraction of the time that the
// commands take to load, with all that they use.

interface About {
  /** One line for help texts; the request in the form `key=value`. */
  readonly summary: string;
  /** Its answer may take as long as a training. */
  readonly slow?: true;
}

/** In the order of the help text. */
export const verbs: ReadonlyMap<string, About> = new Map(
  Object.entries<About>({
    health_check: { summary: 'whether all is well, with uptime, memory, outbox and streams' },
    info: { summary: 'version, streams, models, and what is silenced' },
    alerts: { summary: 'alerts of the last days=<n> (7), of stream=<id> or of all' },
    rows: { summary: 'the rows of all channels around alert=<id>' },
    ack: { summary: 'acknowledge an alert: alert=<id>, or all of a stream: stream=<id>' },
    normal: {
      summary:
        'call an alert normal: alert=<id>, or that of stream=<id>: the open one, or the newest [hour=same] [days=<n>] [preview=true | stays=true | undo=true]; without a name: list what was called normal',
    },
    routines: {
      summary:
        'alerts that recur at an hour and are not sent: [stream=<id>]; remove=<id> sends them again',
    },
    silence: { summary: 'send no alerts: minutes=<n> [stream=<id>]; 0 ends the silence' },
    maintenance: {
      summary:
        'planned work: action=list | add minutes=<n> [time=HH:MM weekdays=sun,mon | at=<ISO>] [stream=<id>] [id=<name>] | remove id=<name>',
    },
    models: {
      summary: 'models of stream=<id>, its expected false alarms, and the progress of a training',
    },
    retrain: {
      summary:
        'train stream=<id> again; the new model is used if it is not worse, or with force=true',
      slow: true,
    },
    rollback: { summary: 'go back to the previous model of stream=<id>, or to model=<id>' },
    anomaly: {
      summary:
        'never learn from a stretch of stream=<id> from=<time> to=<time> [retrain=false], and train again; undo=<id>; without a time: list',
      slow: true,
    },
    outbox: {
      summary:
        'unsent alerts: action=list | move from=<sink> to=<sink> | drop sink=<sink> [all=true] | retry sequence=<n> | retry sink=<sink>',
    },
    'test-sink': {
      summary:
        'send a test message through the sink id=<sink>, and say what the other side answered',
    },
    backup: { summary: 'copy the history into the state folder' },
    reload: { summary: 'read the configuration again, as SIGHUP does' },
  }),
);
