import { rm } from 'node:fs/promises';
import type { PostgresServer } from './postgres-server.ts';

export default async function tearDown(): Promise<void> {
  const { pageBuildsOfTheTests, postgresOfTheTests } = globalThis as unknown as Kept;
  await postgresOfTheTests?.close();
  await rm(pageBuildsOfTheTests, { recursive: true });
}

type Kept = { readonly pageBuildsOfTheTests: string; readonly postgresOfTheTests?: PostgresServer };
