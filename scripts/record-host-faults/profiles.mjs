// What a recording is made of: its ordinary work, its faults, and how long each section takes.

/**
 * @typedef {readonly [number, number]} Seconds
 * @typedef {object} Faults
 * @property {number} count
 * @property {Seconds} durationS
 * @property {Seconds} pauseS
 * @property {readonly string[]} kinds
 * @property {{ readonly kinds: readonly string[], readonly durationS: Seconds }} slow
 */

/**
 * Times are seconds; a pair is a range to draw from. `trainS` and `quietS` are sections without faults: one to learn from,
 * and the beginning of the test part. `slow` faults grow for as long as they last, so they last longer. `service` adds
 * the channels of the workload's own web service.
 * @type {Readonly<Record<'host-faults' | 'host-quiet', { trainS: number, quietS: number, service: boolean, workload: object, faults: Faults }>>}
 */
export const PROFILES = {
  'host-faults': {
    trainS: 42 * 60,
    quietS: 0,
    service: false,
    workload: {
      requestsPerS: 30,
      rhythmS: 420,
      helperEveryS: [2, 8],
      job: {
        firstS: 60,
        everyS: [300, 480],
        lastsS: [12, 26],
        documents: '/usr/lib/x86_64-linux-gnu /usr/share/doc',
      },
    },
    faults: {
      count: 24,
      durationS: [25, 50],
      pauseS: [45, 80],
      kinds: [
        'cpu_hog',
        'memory_leak',
        'disk_write_storm',
        'disk_read_storm',
        'network_flood',
        'fork_storm',
        'runaway_log',
        'process_stall',
        'descriptor_leak',
        'connection_leak',
      ],
      slow: { kinds: [], durationS: [25, 50] },
    },
  },
  'host-quiet': {
    trainS: 60 * 60,
    quietS: 120 * 60,
    service: true,
    workload: {
      requestsPerS: 8,
      rhythmS: 1500,
      helperEveryS: [15, 60],
      readingsEveryS: 10,
      job: { onTheS: 20 * 60, lastsS: [45, 75], documents: '/usr/lib /usr/share' },
    },
    faults: {
      count: 20,
      durationS: [30, 90],
      pauseS: [70, 115],
      kinds: [
        'cpu_hog',
        'memory_allocation',
        'slow_memory_leak',
        'disk_filling',
        'disk_write_storm',
        'disk_read_storm',
        'loopback_load',
        'fork_storm',
        'descriptor_leak',
        'creeping_latency',
      ],
      slow: {
        kinds: ['slow_memory_leak', 'disk_filling', 'creeping_latency'],
        durationS: [120, 150],
      },
    },
  },
};
