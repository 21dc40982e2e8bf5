import { describe } from '@jest/globals';
import { runCases } from './run-cases.ts';

describe('over HTTP, with signed requests', () => runCases('http'));
