import { describe } from '@jest/globals';
import { keepCases } from './keep-cases.ts';

describe('over Socket Mode', () => keepCases('socket'));
