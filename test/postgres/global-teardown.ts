import type { PostgresServer } from './postgres-server.ts';

export default async function tearDown(): Promise<void> {
  const { postgresOfTheTests } = globalThis as unknown as { postgresOfTheTests?: PostgresServer };
  await postgresOfTheTests?.close();
}
