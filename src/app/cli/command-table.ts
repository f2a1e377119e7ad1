// All commands: in which group the help shows each, what it does in a sentence, and how it is loaded.
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';

export interface CommandEntry {
  readonly summary: string;
  /** Only for a command that runs: a daemon does not load the lab, nor does help. */
  load(): Promise<Command>;
}

/** By heading and name, in the order of the help text. */
export const commandTable: Readonly<Record<string, Readonly<Record<string, CommandEntry>>>> = {
  'Start:': {
    demo: {
      summary: 'Learn a recorded machine, replay its faults, and see the alerts arrive over MQTT.',
      load: async () => (await import('./demo.ts')).demoCommand(),
    },
    init: {
      summary: 'Write a configuration after a few questions.',
      load: async () => (await import('./init.ts')).initCommand(),
    },
    config: {
      summary: 'Check, print or migrate a configuration.',
      load: async () => (await import('./config.ts')).configCommand(),
    },
    doctor: {
      summary:
        'Check this machine, the installation and the configuration, and print a fix for each problem.',
      load: async () => (await import('./doctor.ts')).doctorCommand(),
    },
    service: {
      summary: 'Run the daemon under systemd.',
      load: async () => (await import('./service.ts')).serviceCommand(),
    },
  },
  'Watch:': {
    run: { summary: 'Watch the configured streams until stopped.', load: loadRun },
    alerts: {
      summary: 'Print the alerts of the running daemon, and the rows behind them.',
      load: async () => (await import('./alerts.ts')).alertsCommand(),
    },
    ctl: {
      summary:
        'Send a request to the running daemon and print its answer: as text on a terminal, else as JSON.',
      load: async () => (await import('./ctl.ts')).ctlCommand(),
    },
    fleet: {
      summary: 'Show all devices on a broker: status, streams, open alerts, scores, health.',
      load: async () => (await import('./fleet.ts')).fleetCommand(),
    },
    replay: {
      summary: 'Pass a recording through the daemon and print its alerts.',
      load: async () => (await import('./replay.ts')).replayCommand(),
    },
    record: {
      summary: 'Record a source to a CSV file, to train on or to replay.',
      load: async () => (await import('./record.ts')).recordCommand(),
    },
  },
  'Learn and judge:': {
    train: {
      summary: 'Learn from a recording of normal operation and write a model file.',
      load: async () => (await import('./train.ts')).trainCommand(),
    },
    compress: {
      summary: 'Make a model smaller and faster with a recording of normal operation.',
      load: async () => (await import('./compress.ts')).compressCommand(),
    },
    evaluate: {
      summary: 'Train and judge detectors on labelled series; prints a table.',
      load: async () => (await import('./evaluate.ts')).evaluateCommand(),
    },
    compare: {
      summary:
        'Compare where two detectors err: kappa with intervals, kinds of errors, shape against texture.',
      load: async () => (await import('./compare.ts')).compareCommand(),
    },
    report: {
      summary:
        'Write a run of sentigon evaluate --runs, a search, an optimisation or a simulation, as one self-contained HTML page.',
      load: async () => (await import('./report.ts')).reportCommand(),
    },
    export: {
      summary: 'Write the networks of a model as ONNX files.',
      load: async () => (await import('./export.ts')).exportCommand(),
    },
  },
  'Search for networks, settings and accelerators:': {
    profile: {
      summary: 'Measure what networks cost on this machine, so that a search can predict it.',
      load: async () => (await import('./profile.ts')).profileCommand(),
    },
    search: {
      summary: 'Find the network that detects best on your data within the limits of your devices.',
      load: async () => (await import('./search.ts')).searchCommand(),
    },
    gptran: {
      summary: 'Grow and prune the network that a search has chosen, and keep its trained weights.',
      load: async () => (await import('./gptran.ts')).gptranCommand(),
    },
    optimise: {
      summary: 'Set the numbers of any program for several objectives at once, within limits.',
      load: async () => (await import('./optimise.ts')).optimiseCommand(),
    },
    simulate: {
      summary:
        'Simulate a network on an accelerator: latency, energy, area, and where the time goes.',
      load: async () => (await import('./simulate.ts')).simulateCommand(),
    },
    accelerate: {
      summary: 'Find the accelerator for a network, within an area and a power; simulated.',
      load: async () => (await import('./accelerate.ts')).accelerateCommand(),
    },
    worker: {
      summary:
        'Run jobs of searches from a Redis queue: trainings, or measurements of this device.',
      load: async () => (await import('./worker.ts')).workerCommand(),
    },
  },
  'Maintain:': {
    update: {
      summary: 'Install another release of this program, or show whether there is a newer one.',
      load: async () => (await import('./update.ts')).updateCommand(),
    },
    backup: {
      summary:
        'Copy history, unsent alerts, models and alert levels to a file, even while the daemon runs.',
      load: async () => (await import('./backup.ts')).backupCommand(),
    },
    restore: {
      summary: 'Restore the state from a backup. The daemon must be stopped.',
      load: async () => (await import('./backup.ts')).restoreCommand(),
    },
  },
};

async function loadRun(): Promise<Command> {
  keepHeapSmall(); // before its modules are loaded, which is what makes the garbage
  return (await import('./run.ts')).runDaemonCommand();
}

/**
 * Keeps V8's nursery at its first size, and its heap rather small than fast. Starting up makes much garbage at once, for
 * which V8 grows the nursery and never shrinks it. For programs that allocate little; before anything large is loaded.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
}
