import jsep from 'jsep';
import { messageOf } from './errors.ts';

/**
 * Conditions a task author writes in plain words of arithmetic: `hidden <= 4 * width and optimizer != "sgd"`.
 * Parsed once into a tree and walked by a small evaluator that knows numbers, strings, booleans, the names it was
 * given and eight functions; nothing else exists in it, so nothing can be called or reached.
 */
export type ExpressionValue = number | string | boolean | null;

export interface Expression {
  readonly source: string;
  /** The names the expression mentions, in order of appearance. */
  readonly names: readonly string[];
  evaluate(values: Readonly<Record<string, ExpressionValue>>): ExpressionValue;
}

const FUNCTIONS: Record<string, (...numbers: number[]) => number> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  log10: Math.log10,
  log2: Math.log2,
  max: Math.max,
  min: Math.min,
  sqrt: Math.sqrt,
};

const BINARY: Record<string, (left: ExpressionValue, right: ExpressionValue) => ExpressionValue> = {
  '+': (a, b) => number(a, '+') + number(b, '+'),
  '-': (a, b) => number(a, '-') - number(b, '-'),
  '*': (a, b) => number(a, '*') * number(b, '*'),
  '/': (a, b) => number(a, '/') / number(b, '/'),
  '%': (a, b) => number(a, '%') % number(b, '%'),
  '**': (a, b) => number(a, '**') ** number(b, '**'),
  '<': (a, b) => number(a, '<') < number(b, '<'),
  '<=': (a, b) => number(a, '<=') <= number(b, '<='),
  '>': (a, b) => number(a, '>') > number(b, '>'),
  '>=': (a, b) => number(a, '>=') >= number(b, '>='),
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

const LITERALS: Record<string, ExpressionValue> = { true: true, false: false, null: null };

/** Parse `source`; throws an Error that says what is not understood. */
export function parseExpression(source: string): Expression {
  const tree = parseTree(source);
  const names = new Set<string>();
  check(tree, names);
  return { source, names: [...names], evaluate: (values) => evaluate(tree, values) };
}

function parseTree(source: string): jsep.Expression {
  try {
    return jsep(toOperators(source));
  } catch (error) {
    throw new Error(`"${source}" is not an expression: ${messageOf(error)}`, { cause: error });
  }
}

/** `and`, `or`, `not` outside of quotes, as the parser’s operators. */
function toOperators(source: string): string {
  const words: Record<string, string> = { and: '&&', or: '||', not: '!' };
  return source.replaceAll(/"[^"]*"|'[^']*'|\b(?:and|or|not)\b/g, (part) => words[part] ?? part);
}

function check(node: jsep.Expression, names: Set<string>): void {
  switch (node.type) {
    case 'Literal':
      return;
    case 'Identifier': {
      const { name } = node as jsep.Identifier;
      if (!Object.hasOwn(LITERALS, name)) names.add(name);
      return;
    }
    case 'UnaryExpression': {
      const { operator, argument } = node as jsep.UnaryExpression;
      if (operator !== '-' && operator !== '!') throw new Error(`the operator "${operator}" is not known here`);
      check(argument, names);
      return;
    }
    case 'BinaryExpression': {
      const { operator, left, right } = node as jsep.BinaryExpression;
      if (!Object.hasOwn(BINARY, operator) && operator !== '&&' && operator !== '||')
        throw new Error(
          `the operator "${operator}" is not known here; known: ${Object.keys(BINARY).join(' ')} and or not`,
        );
      check(left, names);
      check(right, names);
      return;
    }
    case 'CallExpression': {
      const { callee, arguments: passed } = node as jsep.CallExpression;
      const name = callee.type === 'Identifier' ? (callee as jsep.Identifier).name : '';
      if (!Object.hasOwn(FUNCTIONS, name))
        throw new Error(`only these functions can be called: ${Object.keys(FUNCTIONS).join(', ')}`);
      for (const argument of passed) check(argument, names);
      return;
    }
    default:
      throw new Error(`"${node.type}" has no meaning in a constraint; write comparisons of names and numbers`);
  }
}

function evaluate(node: jsep.Expression, values: Readonly<Record<string, ExpressionValue>>): ExpressionValue {
  switch (node.type) {
    case 'Literal':
      return (node as jsep.Literal).value as ExpressionValue;
    case 'Identifier':
      return lookUp((node as jsep.Identifier).name, values);
    case 'UnaryExpression': {
      const { operator, argument } = node as jsep.UnaryExpression;
      const value = evaluate(argument, values);
      return operator === '!' ? !truth(value) : -number(value, '-');
    }
    case 'BinaryExpression': {
      const { operator, left, right } = node as jsep.BinaryExpression;
      if (operator === '&&') return truth(evaluate(left, values)) && truth(evaluate(right, values));
      if (operator === '||') return truth(evaluate(left, values)) || truth(evaluate(right, values));
      const apply = BINARY[operator];
      if (apply === undefined) throw new Error(`the operator "${operator}" is not known here`);
      return apply(evaluate(left, values), evaluate(right, values));
    }
    case 'CallExpression': {
      const { callee, arguments: passed } = node as jsep.CallExpression;
      const { name } = callee as jsep.Identifier;
      const apply = FUNCTIONS[name];
      if (apply === undefined) throw new Error(`the function "${name}" is not known here`);
      return apply(...passed.map((argument) => number(evaluate(argument, values), name)));
    }
    default:
      throw new Error(`"${node.type}" has no meaning in a constraint`);
  }
}

function lookUp(name: string, values: Readonly<Record<string, ExpressionValue>>): ExpressionValue {
  if (Object.hasOwn(LITERALS, name)) return LITERALS[name] ?? null;
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new Error(`"${name}" has no value`);
  return value;
}

function number(value: ExpressionValue, operator: string): number {
  if (typeof value !== 'number') throw new Error(`"${operator}" needs numbers, got ${JSON.stringify(value)}`);
  return value;
}

function truth(value: ExpressionValue): boolean {
  if (typeof value !== 'boolean') throw new Error(`and, or, not need true or false, got ${JSON.stringify(value)}`);
  return value;
}
