import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { followSealing, type SealingStep, sayThatItStandsStill } from './sealing-steps.ts';

// Loaded into a bot before its own code (`standStillAt`). At one statement of the sealing the bot says so and stands still
// until it is killed, so that the kill meets exactly this moment. SIGUSR2 arms it once the bot is ready, and disarms it.

const { STAND_STILL_AT: wanted, STAND_STILL_TIME: time } = process.env;
let left = Number(time);
let isArmed = false;
process.on('SIGUSR2', () => {
  isArmed = !isArmed;
});

function standStill(step: SealingStep): void {
  writeSync(1, sayThatItStandsStill(step));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const connections = new WeakMap<object, ReturnType<typeof followSealing>>();

function follow(connection: object, sql: string): void {
  const stepOf = connections.get(connection) ?? followSealing();
  connections.set(connection, stepOf);
  const step = stepOf(sql);
  if (isArmed && step !== null && step === wanted && --left <= 0) standStill(step);
}

// SQLite: once the statement was executed.
const { prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
  const statement = prepare.call(this, sql);
  const { run } = statement;
  statement.run = (...values: unknown[]) => {
    const result = run.apply(statement, values as never);
    follow(this, sql);
    return result;
  };
  return statement;
};

// PostgreSQL: once the statement was given to the operating system. The server executes it.
const { write } = Socket.prototype;
Socket.prototype.write = function (this: Socket, ...parameters: unknown[]) {
  const result = write.apply(this, parameters as never);
  const [bytes] = parameters;
  if (Buffer.isBuffer(bytes)) follow(this, bytes.toString('latin1'));
  return result;
};
