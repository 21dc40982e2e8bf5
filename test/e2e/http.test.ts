import { describe } from '@jest/globals';
import { keepCases } from './keep-cases.ts';

describe('over HTTP, with signed requests', () => keepCases('http'));
