import { entry } from './entry.ts';

/** Command line of searches, evaluations and profiles. */
export const searchCodes = {
  SEN_CFG_ACCELERATOR: entry(
    'An accelerator is unknown, its file has another format, or a value of it cannot be.',
    'Name a preset, or correct the value that the message names.',
  ),
  SEN_CFG_DESIGN: entry(
    'A network design cannot be built, e.g. a kernel is longer than the window.',
    'Change the part that the message names.',
  ),
  SEN_CFG_DESIGN_SPACE: entry(
    'A design space is unknown, unreadable, empty, or too large to list.',
    'Choose a named space, or change the dimension that the message names.',
  ),
  SEN_CFG_DEVICE_TWICE: entry(
    'A search names the same device twice.',
    'Give each device one profile, or none.',
  ),
  SEN_CFG_OPTIMISE_LEGAL: entry(
    'No point of an optimisation keeps the rules under `legal`.',
    'Loosen the rule that is named, or widen the variables.',
  ),
  SEN_CFG_OPTIMISE_OTHER: entry(
    'The folder holds the journal of another problem.',
    'Name the problem file that it began with, or another folder.',
  ),
  SEN_CFG_PARALLEL: entry(
    'Parallel jobs would disturb what is measured on this device.',
    'Leave --parallel at 1, or profile the device first.',
  ),
  SEN_CFG_PROFILE_FEW: entry(
    'A profile of so few designs predicts no other.',
    'Have it measure more designs.',
  ),
  SEN_CFG_PROFILE_FILE: entry(
    'A device profile is missing, unreadable or damaged.',
    'Make it again with `sentigon profile`.',
  ),
  SEN_CFG_PROFILE_GAPS: entry(
    'A device profile lacks what the search needs of it.',
    'Profile the device again with the space, channels and meter of this search.',
  ),
  SEN_CFG_REDIS_URL: entry('The address is none of a Redis server.', 'Write redis://host[:port].'),
  SEN_CFG_SEARCH_ENGINE: entry(
    'A search is to go on with another engine than it began with.',
    'Use the engine that is named, or start a new search.',
  ),
  SEN_CFG_SEARCH_EXISTS: entry(
    'The folder holds a search or an optimisation already.',
    'Use --resume, or name another folder.',
  ),
  SEN_CFG_SEARCH_GROWTH: entry(
    'A growth cannot go on from this search with these settings.',
    'Leave out the option that is named, or remove the file to begin anew.',
  ),
  SEN_CFG_SEARCH_LIMITS: entry(
    'No design of the space keeps within the limits.',
    'Raise a limit, or take a smaller space or a faster device.',
  ),
  SEN_CFG_SEARCH_PAIRS: entry(
    'A search over pairs lacks a second device, or no pair has the fixed halves.',
    'Name two devices, or other halves.',
  ),
  SEN_CFG_SEARCH_TAKE: entry(
    'The number names no point on the front of a search.',
    'Take one of the numbers that are named.',
  ),
  SEN_CFG_SEARCH_WEIGHTS: entry(
    'Nothing that has a weight is known of the device.',
    'Profile the device, or change --weights.',
  ),
  SEN_CFG_SIMULATION: entry(
    'A network cannot be simulated on an accelerator, e.g. because a matrix is larger than its buffer.',
    'Change the network, the accelerator or the option that the message names.',
  ),
} as const;
