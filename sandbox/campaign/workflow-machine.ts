import type { PretendClock } from './pretend-clock.ts';
import {
  ACTIVE,
  END,
  LOGICAL_STATUS,
  type Move,
  moveOf,
  type PretendCommand,
  type PretendState,
  STUCK,
} from './workflow-states.ts';

export type PretendWorkflow = {
  id: string;
  state: PretendState;
  /** The state that a GET shows. */
  logicalStatus: string;
  /** The start of this state by the pretend Campaign's clock: milliseconds since 1970. */
  since: number;
  /** Every command that Campaign accepted, in order. */
  commands: readonly PretendCommand[];
};

export type WorkflowMachine = {
  get(id: string): PretendWorkflow | undefined;
  /** In the order they were added. */
  list(): PretendWorkflow[];
  add(id: string, state: PretendState): void;
  /** Accepts a command, which becomes effective later. The workflow has to exist. */
  take(id: string, command: PretendCommand): void;
  close(): void;
};

export type WorkflowMachineOptions = {
  /** How long a command takes to become effective, in real time. */
  settleMs: number;
  /** A workflow that is paused or failed for longer is stopped. */
  autoStopMs: number;
  clock: PretendClock;
  changed: () => void;
};

type Entry = {
  readonly id: string;
  state: PretendState;
  since: number;
  commands: PretendCommand[];
  /** Accepted, while an earlier one is not effective yet. */
  waiting: PretendCommand[];
  settling: NodeJS.Timeout | undefined;
  keepFromAutoStop: () => void;
};

/** Adobe's documentation: at most 20 workflows at once, more are queued. */
const PLACES = 20;

/** The workflows of a pretend Campaign. Commands are asynchronous: each is effective `settleMs` after the last. */
export function createWorkflowMachine(options: WorkflowMachineOptions): WorkflowMachine {
  const { settleMs, autoStopMs, clock, changed } = options;
  const workflows = new Map<string, Entry>();
  /** Starts and resumes that wait for one of the twenty slots, in order. */
  const queue = new Map<Entry, Move>();

  function advance(entry: Entry): void {
    if (entry.settling !== undefined) return;
    const move = nextMove(entry);
    if (move === undefined) return;
    if (move.to === 'started' && !hasPlace()) enqueue(entry, move);
    else begin(entry, move);
  }

  function hasPlace(): boolean {
    return [...workflows.values()].filter(({ state }) => ACTIVE.has(state)).length < PLACES;
  }

  function enqueue(entry: Entry, move: Move): void {
    queue.set(entry, move);
    enter(entry, 'queued');
  }

  function begin(entry: Entry, move: Move): void {
    queue.delete(entry);
    enter(entry, move.through);
    entry.settling = setTimeout(() => {
      entry.settling = undefined;
      enter(entry, move.to);
      advance(entry);
      admitNext();
    }, settleMs);
  }

  function admitNext(): void {
    for (const [entry, move] of queue) {
      if (hasPlace()) begin(entry, move);
    }
  }

  function enter(entry: Entry, state: PretendState): void {
    entry.keepFromAutoStop();
    entry.state = state;
    entry.since = clock.now();
    if (STUCK.has(state)) {
      entry.keepFromAutoStop = clock.at(entry.since + autoStopMs + 1, () => begin(entry, END));
    }
    changed();
  }

  function forget(entry: Entry): void {
    clearTimeout(entry.settling);
    entry.keepFromAutoStop();
    queue.delete(entry);
  }

  return {
    get(id) {
      const entry = workflows.get(id);
      return entry && shown(entry);
    },
    list: () => [...workflows.values()].map(shown),
    add(id, state) {
      const previous = workflows.get(id);
      if (previous !== undefined) forget(previous);
      const entry = newEntry(id, state);
      workflows.set(id, entry);
      enter(entry, state);
      admitNext();
    },
    take(id, command) {
      const entry = workflows.get(id);
      if (entry === undefined) throw new Error(`No workflow ${id}`);
      entry.commands.push(command);
      entry.waiting.push(command);
      advance(entry);
    },
    close() {
      for (const entry of workflows.values()) forget(entry);
    },
  };
}

function newEntry(id: string, state: PretendState): Entry {
  return { id, state, since: 0, commands: [], waiting: [], settling: undefined, keepFromAutoStop: () => {} };
}

function shown({ id, state, since, commands }: Entry): PretendWorkflow {
  return { id, state, logicalStatus: LOGICAL_STATUS[state], since, commands: [...commands] };
}

/** The first waiting command that fits the current state; the others before it are dropped. */
function nextMove({ state, waiting }: Entry): Move | undefined {
  for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
    const move = moveOf(state, command);
    if (move !== undefined) return move;
  }
  return undefined;
}
