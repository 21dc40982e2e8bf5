import { parseSync, Visitor, type VisitorObject } from 'oxc-parser';

/** One small change to one source file. */
export type Mutant = {
  readonly path: string;
  /** Counted from one. */
  readonly line: number;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
};

type Span = { readonly start: number; readonly end: number };

const swappedOperators: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&&': '||',
  '||': '&&',
  '+=': '-=',
  '-=': '+=',
  '??=': '=',
};

const swappedMethods: ReadonlyMap<string, string> = new Map(
  Object.entries({ some: 'every', every: 'some', min: 'max', max: 'min' }),
);

/** Methods whose result has the type of what they are called on, so that the call can be left out. */
const removableMethods = new Set(
  'filter sort toSorted reverse toReversed slice trim toLowerCase toUpperCase normalize replaceAll replace'.split(' '),
);

/** Every change that the rules allow in a source text. Types, imports, log lines and texts for people stay as they are. */
export function findMutants(path: string, source: string): readonly Mutant[] {
  const found = new Map<string, Mutant>();
  const kept: Span[] = [];
  const change = (kind: string, { start, end }: Span, replacement: string) => {
    const line = source.slice(0, start).split('\n').length;
    found.set(`${start} ${end} ${replacement}`, { path, line, kind, start, end, replacement });
  };
  const keep = (span: Span | null) => {
    if (span !== null) kept.push(span);
  };
  const { program } = parseSync(path, source);
  for (const visitor of [unchanged(source, keep), rules(source, change)]) new Visitor(visitor).visit(program);
  return [...found.values()]
    .filter((mutant) => !kept.some((span) => span.start <= mutant.start && mutant.end <= span.end))
    .sort((one, other) => one.start - other.start);
}

export function mutated(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

/** Code that a running test cannot observe, or that only people read. */
function unchanged(source: string, keep: (span: Span | null) => void): VisitorObject {
  return {
    ImportDeclaration: keep,
    ImportExpression: keep,
    ExportAllDeclaration: keep,
    ExportNamedDeclaration: ({ source: from }) => keep(from),
    TSTypeAliasDeclaration: keep,
    TSInterfaceDeclaration: keep,
    TSTypeAnnotation: keep,
    TSTypeParameterInstantiation: keep,
    TSLiteralType: keep,
    Property: ({ key, computed }) => keep(computed ? null : key),
    PropertyDefinition: ({ key, value }) => {
      keep(key);
      // An error's name is for people.
      if (source.slice(key.start, key.end) === 'name') keep(value);
    },
    ExpressionStatement: (node) => keep(isLogging(source, node) ? node : null),
  };
}

/** One more; twice as much of what is a time or a size: nobody notices one millisecond. */
function otherNumber(value: number): number {
  return value < 1_000 ? value + 1 : value * 2;
}

function isLogging(source: string, { start, end }: Span): boolean {
  return /^(?:void )?(?:[\w.?]*\.)?(?:log|logger|console)\??\.\w+\(/.test(source.slice(start, end));
}

function rules(source: string, change: (kind: string, span: Span, replacement: string) => void): VisitorObject {
  const text = ({ start, end }: Span) => source.slice(start, end);

  const swap = (kind: string, { left, operator, right }: { left: Span; operator: string; right: Span }) => {
    const other = swappedOperators[operator];
    if (other === undefined) return;
    const at = source.indexOf(operator, left.end);
    if (at < right.start) change(kind, { start: at, end: at + operator.length }, other);
  };
  const decide = (test: Span) => {
    for (const constant of ['true', 'false']) change('condition', test, constant);
  };
  const remove = (kind: string) => (node: Span) => change(kind, node, ';');

  return {
    IfStatement: ({ test }) => decide(test),
    ConditionalExpression: ({ test }) => decide(test),
    WhileStatement: ({ test }) => change('condition', test, 'false'),
    BinaryExpression: (node) => swap('operator', node),
    AssignmentExpression: (node) => swap('assignment', node),
    LogicalExpression: (node) => {
      swap('boolean operator', node);
      if (node.operator !== '??') return;
      change('default', node, text(node.left));
      change('default', node, text(node.right));
    },
    UnaryExpression: (node) => {
      if (node.operator === '!') change('negation', node, text(node.argument));
    },
    UpdateExpression: (node) =>
      change(
        'step',
        node,
        text(node).replace(/\+\+|--/, (it) => (it === '++' ? '--' : '++')),
      ),
    MemberExpression: (node) => {
      if (node.optional) change('optional chaining', node, text(node).replace(/\?\.(?=\w+$)/, '.'));
    },
    CallExpression: (node) => {
      if (node.callee.type !== 'MemberExpression' || node.callee.computed) return;
      const { object, property } = node.callee;
      const other = swappedMethods.get(text(property));
      if (other !== undefined) change('method', property, other);
      if (removableMethods.has(text(property))) change('call removed', node, text(object));
    },
    Literal: (node) => {
      if (typeof node.value === 'boolean') change('boolean', node, String(!node.value));
      if (typeof node.value === 'number') change('number', node, String(otherNumber(node.value)));
      // What has a space is for people, or SQL.
      if (typeof node.value === 'string' && !node.value.includes(' '))
        change('string', node, node.value === '' ? "'mutant'" : "''");
    },
    ArrayExpression: (node) => {
      if (node.elements.length > 0) change('array emptied', node, '[]');
    },
    ObjectExpression: (node) => {
      if (node.properties.length > 0) change('object emptied', node, text(node).startsWith('{') ? '{}' : '({})');
    },
    SpreadElement: (node) => change('spread removed', node, '...[]'),
    BlockStatement: (node) => {
      if (node.body.length > 1) change('block emptied', node, '{}');
    },
    ExpressionStatement: remove('statement removed'),
    ThrowStatement: remove('throw removed'),
    ReturnStatement: (node) => {
      if (node.argument === null) change('return removed', node, ';');
    },
    ContinueStatement: remove('continue removed'),
  };
}
