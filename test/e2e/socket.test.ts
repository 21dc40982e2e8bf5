import { describe } from '@jest/globals';
import { runCases } from './run-cases.ts';

describe('over Socket Mode', () => runCases('socket'));
