import {
  ACTIVE,
  LOGICAL_STATUS,
  type Move,
  moveOf,
  type PretendCommand,
  type PretendState,
} from './workflow-states.ts';

export type PretendWorkflow = {
  id: string;
  state: PretendState;
  /** What a GET shows. */
  logicalStatus: string;
  /** Every command that Campaign took, in order. */
  commands: readonly PretendCommand[];
};

export type WorkflowMachine = {
  get(id: string): PretendWorkflow | undefined;
  add(id: string, state: PretendState): void;
  /** Saves a command; it becomes effective later. The workflow has to exist. */
  take(id: string, command: PretendCommand): void;
  close(): void;
};

type Entry = {
  state: PretendState;
  commands: PretendCommand[];
  /** Taken, but an earlier one is not effective yet. */
  waiting: PretendCommand[];
  /** A start or resume that waits for one of the twenty places. */
  queued: Move | undefined;
  settling: NodeJS.Timeout | undefined;
};

/** Adobe's documentation: at most 20 workflows at once, more are queued. */
const PLACES = 20;

/** The workflows of a pretend Campaign. Commands are asynchronous: each is effective `settleMs` after the last. */
export function createWorkflowMachine(settleMs: number, changed: () => void): WorkflowMachine {
  const workflows = new Map<string, Entry>();

  function advance(entry: Entry): void {
    if (entry.settling !== undefined) return;
    const move = nextMove(entry);
    if (move === undefined) return;
    if (move.to === 'started' && !hasPlace()) queue(entry, move);
    else begin(entry, move);
  }

  function hasPlace(): boolean {
    return [...workflows.values()].filter(({ state }) => ACTIVE.has(state)).length < PLACES;
  }

  function queue(entry: Entry, move: Move): void {
    entry.queued = move;
    enter(entry, 'queued');
  }

  function begin(entry: Entry, move: Move): void {
    entry.queued = undefined;
    enter(entry, move.through);
    entry.settling = setTimeout(() => {
      entry.settling = undefined;
      enter(entry, move.to);
      advance(entry);
      admitNext();
    }, settleMs);
  }

  function admitNext(): void {
    for (const entry of workflows.values()) {
      if (entry.queued !== undefined && hasPlace()) begin(entry, entry.queued);
    }
  }

  function enter(entry: Entry, state: PretendState): void {
    entry.state = state;
    changed();
  }

  return {
    get(id) {
      const entry = workflows.get(id);
      if (entry === undefined) return undefined;
      return { id, state: entry.state, logicalStatus: LOGICAL_STATUS[entry.state], commands: [...entry.commands] };
    },
    add(id, state) {
      clearTimeout(workflows.get(id)?.settling);
      workflows.set(id, { state, commands: [], waiting: [], queued: undefined, settling: undefined });
      changed();
    },
    take(id, command) {
      const entry = workflows.get(id);
      if (entry === undefined) throw new Error(`No workflow ${id}`);
      entry.commands.push(command);
      entry.waiting.push(command);
      advance(entry);
    },
    close() {
      for (const { settling } of workflows.values()) clearTimeout(settling);
    },
  };
}

/** The first waiting command that makes sense now; those that do not are dropped. */
function nextMove({ state, waiting }: Entry): Move | undefined {
  for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
    const move = moveOf(state, command);
    if (move !== undefined) return move;
  }
  return undefined;
}
