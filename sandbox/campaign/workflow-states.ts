export type PretendCommand = 'start' | 'pause' | 'resume' | 'stop';

/** The states in which a workflow stays until a command or an event. */
export const RESTING = ['editing', 'started', 'paused', 'finished', 'erroneous'] as const;

export type PretendState = (typeof RESTING)[number] | 'queued' | 'starting' | 'pausing' | 'resuming' | 'stopping';

/** A command leads through one state to another: the first starts when it is accepted, the second when it is effective. */
export type Move = { through: PretendState; to: PretendState };

const begin: Move = { through: 'starting', to: 'started' };
const goOn: Move = { through: 'resuming', to: 'started' };
const hold: Move = { through: 'pausing', to: 'paused' };
/** Also the final state of an unattended workflow. */
export const END: Move = { through: 'stopping', to: 'finished' };

/** A command that does not fit the current state is accepted and changes nothing: Adobe documents no more. */
const MOVES: Record<PretendCommand, Partial<Record<PretendState, Move>>> = {
  start: { editing: begin, finished: begin, erroneous: begin, paused: goOn },
  pause: { started: hold },
  resume: { paused: goOn },
  stop: { started: END, paused: END, erroneous: END, queued: END },
};

export const LOGICAL_STATUS: Record<PretendState, string> = {
  editing: 'edition',
  queued: 'edition',
  starting: 'started',
  started: 'started',
  pausing: 'started',
  paused: 'warning',
  resuming: 'started',
  stopping: 'started',
  finished: 'finished',
  erroneous: 'error',
};

/** The states that use one of the twenty slots. */
export const ACTIVE: ReadonlySet<PretendState> = new Set(['starting', 'started', 'pausing', 'resuming', 'stopping']);

/** States in which Campaign does not leave a workflow for good. */
export const STUCK: ReadonlySet<PretendState> = new Set(['paused', 'erroneous']);

export function moveOf(state: PretendState, command: PretendCommand): Move | undefined {
  return MOVES[command][state];
}

export function isPretendCommand(text: unknown): text is PretendCommand {
  return typeof text === 'string' && Object.hasOwn(MOVES, text);
}
