const tasks: (() => void)[] = [];

/**
 * Runs a task when the test file that runs now has ended. For modules that several test files share: they are evaluated once
 * in a process, so that an `afterAll` of theirs would be one of the first file only.
 */
export function afterFile(task: () => void): void {
  tasks.push(task);
}

export function endFile(): void {
  for (const task of tasks.splice(0)) task();
}
