// Loaded into a program that is measured. Answers each message of the parent process with the bytes in use after a collection.

process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
